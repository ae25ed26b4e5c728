"""Labels that two people settle without seeing each other's decision, and where those lie apart."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add them; no label is drawn before a lead asks for it."""
    op.add_column("datasets", sa.Column("double_share", sa.Double(), nullable=False, server_default="0"))
    op.add_column("datasets", sa.Column("double_tolerance", sa.Integer(), nullable=False, server_default="1"))
    op.add_column(
        "decisions", sa.Column("adjudicates", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("standings", sa.Column("double", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("standings", sa.Column("opinions", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("standings", sa.Column("first_by", sa.String(), nullable=True))
    op.add_column("standings", sa.Column("apart", sa.Integer(), nullable=True))
    for name, columns, rows in (
        ("second", ["dataset_id", "place"], "opinions = 1"),
        ("apart", ["dataset_id", "place"], "apart IS NOT NULL"),
    ):
        where = sa.text(rows)
        op.create_index(
            f"ix_standings_{name}", "standings", columns, sqlite_where=where, postgresql_where=where
        )
