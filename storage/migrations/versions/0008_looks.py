"""How long a label was looked at before it was decided, and why it was flagged."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add them."""
    op.add_column("decisions", sa.Column("reason", sa.String(), nullable=True))
    op.add_column("decisions", sa.Column("seconds", sa.Double(), nullable=True))
    op.add_column("standings", sa.Column("flag_reason", sa.String(), nullable=True))
