"""Who asked for a label that somebody else has."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add it."""
    op.add_column("leases", sa.Column("wanted_by", sa.String(), nullable=True))
