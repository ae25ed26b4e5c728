"""What a suggestion's confidence was before the blind audit recalibrated it."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add it."""
    op.add_column("suggestions", sa.Column("claimed", sa.Double(), nullable=True))
