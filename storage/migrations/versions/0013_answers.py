"""What a run found about classes, annotators and videos; the questions that raises, and people's answers."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add them. The column that is renamed was never written."""
    op.execute("ALTER TABLE runs RENAME COLUMN classes TO findings")
    op.create_table(
        "answers",
        sa.Column("id", Id, nullable=False),
        sa.Column("dataset_id", Id, nullable=False),
        sa.Column("of", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("frames", sa.Double(), nullable=False),
        sa.Column("annotator", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=False),
        sa.Column("batch_id", Id, nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{parent}.id"], name=f"fk_answers_{column}", ondelete="CASCADE"
            )
            for column, parent in (("dataset_id", "datasets"), ("batch_id", "batches"))
        ),
        sa.PrimaryKeyConstraint("id", name="pk_answers"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_answers_dataset_id_of_name", "answers", ["dataset_id", "of", "name"])
