"""Doubts about labels, the rules that raise them, proposed events, and labels given another class."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add them."""
    op.add_column("datasets", sa.Column("rules", sa.String(), nullable=False, server_default=""))
    for table in ("labels", "standings"):
        op.add_column(table, sa.Column("proposed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("standings", sa.Column("relabelled", sa.String(), nullable=True))
    op.add_column("decisions", sa.Column("label", sa.String(), nullable=True))
    op.create_table(
        "doubts",
        sa.Column("id", Id, nullable=False),
        sa.Column("dataset_id", Id, nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("label_id", Id, nullable=False),
        sa.Column("other_id", Id, nullable=True),
        sa.Column("label", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("since", Id, nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{parent}.id"], name=f"fk_doubts_{column}", ondelete="CASCADE"
            )
            for column, parent in (("dataset_id", "datasets"), ("label_id", "labels"), ("other_id", "labels"))
        ),
        sa.PrimaryKeyConstraint("id", name="pk_doubts"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_doubts_dataset_id_kind", "doubts", ["dataset_id", "kind"])
    op.create_index("ix_doubts_label_id_kind", "doubts", ["label_id", "kind"])
