"""Where a label lies by a move of its whole group, until somebody settles it; earlier moves stay settled."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add it."""
    op.add_column("standings", sa.Column("moved", sa.Integer(), nullable=True))
    op.add_column("tallies", sa.Column("moved", sa.Integer(), nullable=False, server_default="0"))
