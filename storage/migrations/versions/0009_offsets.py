"""How far suggestion and decision moved each label, kept beside it for histograms to be counted by index."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

TAGGED = """(
    SELECT CASE WHEN l.frame + c.shift < 0 THEN 0
                WHEN l.frame + c.shift >= c.num_frames THEN c.num_frames - 1
                ELSE l.frame + c.shift END
    FROM labels l JOIN clips c ON c.id = l.clip_id WHERE l.id = standings.label_id)"""
SUGGESTED = "(SELECT s.frame FROM suggestions s WHERE s.id = standings.suggestion_id)"


def upgrade() -> None:
    """Add both moves, fill them from what is there, and index them."""
    for name in ("offset", "correction"):
        op.add_column("standings", sa.Column(name, sa.Integer(), nullable=True))
    op.execute(f'UPDATE standings SET correction = frame - {TAGGED}, "offset" = {SUGGESTED} - {TAGGED}')
    for name in ("offset", "correction"):
        op.create_index(f"ix_standings_{name}", "standings", ["dataset_id", "label", name])
