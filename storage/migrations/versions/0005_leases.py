"""Leases: who is looking at which label."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "leases",
        sa.Column("label_id", Id, autoincrement=False, nullable=False),
        sa.Column("annotator", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["label_id"], ["labels.id"], name="fk_leases_label_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("label_id", name="pk_leases"),
    )
    op.create_index("ix_leases_annotator", "leases", ["annotator"])
