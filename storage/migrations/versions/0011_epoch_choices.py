"""Which epoch's models make the suggestions of a run, as people chose it."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "epoch_choices",
        sa.Column("id", Id, nullable=False),
        sa.Column("run_id", Id, nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=True),
        sa.Column("annotator", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_epoch_choices_run_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_epoch_choices"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_epoch_choices_run_id", "epoch_choices", ["run_id"])
