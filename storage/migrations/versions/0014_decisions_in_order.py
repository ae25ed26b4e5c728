"""The decisions of a dataset in the order they were made, by index: for the trail, and what is newest."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add it."""
    op.create_index("ix_decisions_dataset_id_id", "decisions", ["dataset_id", "id"])
