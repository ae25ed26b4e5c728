"""Shifts: a correction of all labels of a dataset, and the runs that were trained under it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add them; no dataset is shifted yet."""
    op.create_table(
        "shifts",
        sa.Column("id", Id, nullable=False),
        sa.Column("dataset_id", Id, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("frames", sa.Integer(), nullable=False),
        sa.Column("annotator", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("undoes", Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["datasets.id"], name="fk_shifts_dataset_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["undoes"], ["shifts.id"], name="fk_shifts_undoes", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_shifts"),
        sa.UniqueConstraint("key", name="uq_shifts_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_shifts_dataset_id_id", "shifts", ["dataset_id", "id"])
    for table in ("clips", "runs"):
        op.add_column(table, sa.Column("shift", sa.Integer(), nullable=False, server_default="0"))
