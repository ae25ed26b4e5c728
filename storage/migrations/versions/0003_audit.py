"""The blind audit stream, batches of decisions, who wrote a label, what a suggestion leaves to be done."""

import random

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON(none_as_null=True)
SHARE, FEWEST = 0.15, 100


def upgrade() -> None:
    """Add them; labels of earlier imports that nobody has decided about join the stream too."""
    op.add_column("labels", sa.Column("annotator", sa.String(), nullable=True))
    op.add_column("runs", sa.Column("classes", Json, nullable=False, server_default="{}"))
    _suggestions()
    _batches()
    _stream()


def _suggestions() -> None:
    for name in ("better", "expected_error", "removes"):
        op.add_column("suggestions", sa.Column(name, sa.Double(), nullable=False, server_default="0"))
    op.add_column(
        "suggestions", sa.Column("refused", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    for name in ("stability", "disagreement"):
        op.add_column("suggestions", sa.Column(name, sa.Double(), nullable=True))
    op.execute('UPDATE suggestions SET removes = abs("offset") * confidence + 1 - confidence')


def _batches() -> None:
    op.create_table(
        "batches",
        sa.Column("id", Id, nullable=False),
        sa.Column("dataset_id", Id, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("params", Json, nullable=False),
        sa.Column("annotator", sa.String(), nullable=False),
        sa.Column("undoes", Id, nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["datasets.id"], name="fk_batches_dataset_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["undoes"], ["batches.id"], name="fk_batches_undoes", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_batches"),
        sa.UniqueConstraint("key", name="uq_batches_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_batches_dataset_id", "batches", ["dataset_id"])
    op.create_index("ix_batches_undoes", "batches", ["undoes"])
    op.add_column(
        "decisions",
        sa.Column("batch_id", Id, sa.ForeignKey("batches.id", name="fk_decisions_batch_id"), nullable=True),
        inline_references=True,
    )
    op.create_index("ix_decisions_batch_id_id", "decisions", ["batch_id", "id"])
    op.drop_index("ix_decisions_dataset_id_annotator_id", "decisions")
    columns = ["dataset_id", "annotator", "batch_id", "id"]
    op.create_index("ix_decisions_dataset_id_annotator_batch_id_id", "decisions", columns)


def _stream() -> None:
    op.add_column("standings", sa.Column("audit", sa.Integer(), nullable=True))
    member = sa.text("audit IS NOT NULL")
    op.create_index(
        "ix_standings_audit",
        "standings",
        ["dataset_id", "waiting", "skipped", "audit"],
        sqlite_where=member,
        postgresql_where=member,
    )
    connection = op.get_bind()
    undecided = sa.text("SELECT label_id FROM standings WHERE dataset_id = :id AND decision_id IS NULL")
    for (dataset_id,) in connection.execute(sa.text("SELECT id FROM datasets")).all():
        ids = sorted(connection.scalars(undecided, {"id": dataset_id}))
        if len(ids) >= FEWEST:
            chosen = random.Random(dataset_id).sample(ids, round(SHARE * len(ids)))
            rows = [{"rank": rank, "id": label_id} for rank, label_id in enumerate(chosen, 1)]
            connection.execute(sa.text("UPDATE standings SET audit = :rank WHERE label_id = :id"), rows)
