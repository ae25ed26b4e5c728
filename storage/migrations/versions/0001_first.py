"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON(none_as_null=True)


def upgrade() -> None:
    """Create every table."""
    _datasets()
    _videos()
    _carried()
    _clips()
    _runs()
    _tallies()
    _epochs()
    _jobs()
    _labels()
    _standings()
    _suggestions()
    _decisions()


def _child(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    """A reference whose row goes when the parent's goes."""
    return sa.ForeignKeyConstraint(
        [column], [f"{parent}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE"
    )


def _datasets() -> None:
    op.create_table(
        "datasets",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("label_file", sa.String(), nullable=False),
        sa.Column("classes", Json, nullable=False),
        sa.Column("extra", Json, nullable=False),
        sa.Column("report", Json, nullable=False),
        sa.Column("clips", sa.Integer(), nullable=False),
        sa.Column("labels", sa.Integer(), nullable=False),
        sa.Column("has_truth", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_datasets"),
        sa.UniqueConstraint("name", name="uq_datasets_name"),
        sqlite_autoincrement=True,
    )


def _videos() -> None:
    op.create_table(
        "videos",
        sa.Column("id", Id, nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("num_frames", sa.Integer(), nullable=False),
        sa.Column("fps", sa.Double(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_videos"),
        sa.UniqueConstraint("path", "identity", name="uq_videos_path_identity"),
        sqlite_autoincrement=True,
    )


def _carried() -> None:
    op.create_table(
        "carried",
        sa.Column("dataset_id", Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("raw", Json, nullable=False),
        _child("carried", "dataset_id", "datasets"),
        sa.PrimaryKeyConstraint("dataset_id", "position", name="pk_carried"),
    )


def _clips() -> None:
    op.create_table(
        "clips",
        sa.Column("id", Id, nullable=False),
        sa.Column("dataset_id", Id, nullable=False),
        sa.Column("video_id", Id, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("num_frames", sa.Integer(), nullable=False),
        sa.Column("fps", sa.Double(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("extra", Json, nullable=False),
        _child("clips", "dataset_id", "datasets"),
        sa.ForeignKeyConstraint(["video_id"], ["videos.id"], name="fk_clips_video_id"),
        sa.PrimaryKeyConstraint("id", name="pk_clips"),
        sa.UniqueConstraint("dataset_id", "name", name="uq_clips_dataset_id_name"),
        sa.UniqueConstraint("dataset_id", "position", name="uq_clips_dataset_id_position"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_clips_video_id", "clips", ["video_id"])


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", Id, nullable=False),
        sa.Column("dataset_id", Id, nullable=False),
        sa.Column("config", Json, nullable=False),
        sa.Column("folds", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        _child("runs", "dataset_id", "datasets"),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_runs_dataset_id", "runs", ["dataset_id"])


def _tallies() -> None:
    op.create_table(
        "tallies",
        sa.Column("dataset_id", Id, autoincrement=False, nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("decided", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("flagged", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("set", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        _child("tallies", "dataset_id", "datasets"),
        sa.PrimaryKeyConstraint("dataset_id", name="pk_tallies"),
    )


def _epochs() -> None:
    op.create_table(
        "epochs",
        sa.Column("id", Id, nullable=False),
        sa.Column("run_id", Id, nullable=False),
        sa.Column("member", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("metrics", Json, nullable=False),
        sa.Column("matched_tagged", sa.Double(), nullable=True),
        sa.Column("matched_true", sa.Double(), nullable=True),
        sa.Column("label_ids", sa.LargeBinary(), nullable=False),
        sa.Column("offsets", sa.LargeBinary(), nullable=False),
        sa.Column("scores", sa.LargeBinary(), nullable=False),
        _child("epochs", "run_id", "runs"),
        sa.PrimaryKeyConstraint("id", name="pk_epochs"),
        sa.UniqueConstraint("run_id", "member", "epoch", name="uq_epochs_run_id_member_epoch"),
        sqlite_autoincrement=True,
    )


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("params", Json, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("done", sa.Double(), nullable=False),
        sa.Column("total", sa.Double(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("worker", sa.String(), nullable=True),
        sa.Column("heartbeat", sa.DateTime(), nullable=True),
        sa.Column("stop_requested_at", sa.DateTime(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("losses", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("result", Json, nullable=True),
        sa.Column("run_id", Id, nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=True),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        _child("jobs", "run_id", "runs"),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_jobs_run_id", "jobs", ["run_id"])
    op.create_index("ix_jobs_state_id", "jobs", ["state", "id"])


def _labels() -> None:
    op.create_table(
        "labels",
        sa.Column("id", Id, nullable=False),
        sa.Column("clip_id", Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("frame", sa.Integer(), nullable=False),
        sa.Column("comment", sa.String(), nullable=True),
        sa.Column("extra", Json, nullable=False),
        sa.Column("true_frame", sa.Double(), nullable=True),
        _child("labels", "clip_id", "clips"),
        sa.PrimaryKeyConstraint("id", name="pk_labels"),
        sa.UniqueConstraint("clip_id", "position", name="uq_labels_clip_id_position"),
        sqlite_autoincrement=True,
    )


def _standings() -> None:
    op.create_table(
        "standings",
        sa.Column("label_id", Id, autoincrement=False, nullable=False),
        sa.Column("dataset_id", Id, nullable=False),
        sa.Column("clip_id", Id, nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Double(), nullable=False),
        sa.Column("suggestion_id", Id, nullable=True),
        sa.Column("verdict", sa.String(), nullable=True),
        sa.Column("frame", sa.Integer(), nullable=True),
        sa.Column("decision_id", Id, nullable=True),
        sa.Column("annotator", sa.String(), nullable=True),
        sa.Column("skipped", Id, nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        _child("standings", "label_id", "labels"),
        sa.PrimaryKeyConstraint("label_id", name="pk_standings"),
    )
    op.create_index("ix_standings_all", "standings", ["dataset_id", "place"])
    op.create_index("ix_standings_flagged", "standings", ["dataset_id", "flagged", "skipped", "place"])
    op.create_index("ix_standings_in_file_order", "standings", ["dataset_id", "waiting", "skipped", "place"])
    op.create_index(
        "ix_standings_likely", "standings", ["dataset_id", "waiting", "skipped", "turn", "label_id"]
    )
    op.create_index(
        "ix_standings_likely_of_class",
        "standings",
        ["dataset_id", "waiting", "label", "skipped", "turn", "label_id"],
    )
    op.create_index("ix_standings_mine", "standings", ["dataset_id", "annotator", "decision_id"])
    op.create_index("ix_standings_of_clip", "standings", ["clip_id", "waiting"])


def _suggestions() -> None:
    op.create_table(
        "suggestions",
        sa.Column("id", Id, nullable=False),
        sa.Column("run_id", Id, nullable=False),
        sa.Column("label_id", Id, nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("frame", sa.Integer(), nullable=False),
        sa.Column("offset", sa.Double(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("posterior", sa.LargeBinary(), nullable=False),
        sa.Column("scores", sa.LargeBinary(), nullable=False),
        sa.Column("matched_offset", sa.Double(), nullable=True),
        sa.Column("reasons", Json, nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        _child("suggestions", "label_id", "labels"),
        _child("suggestions", "run_id", "runs"),
        sa.PrimaryKeyConstraint("id", name="pk_suggestions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_suggestions_label_id_id", "suggestions", ["label_id", "id"])
    op.create_index("ix_suggestions_run_id_id", "suggestions", ["run_id", "id"])


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", Id, nullable=False),
        sa.Column("dataset_id", Id, nullable=False),
        sa.Column("label_id", Id, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("frame", sa.Integer(), nullable=True),
        sa.Column("annotator", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("suggestion_id", Id, nullable=True),
        sa.Column("undoes", Id, nullable=True),
        _child("decisions", "dataset_id", "datasets"),
        _child("decisions", "label_id", "labels"),
        sa.ForeignKeyConstraint(["suggestion_id"], ["suggestions.id"], name="fk_decisions_suggestion_id"),
        sa.ForeignKeyConstraint(["undoes"], ["decisions.id"], name="fk_decisions_undoes"),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sa.UniqueConstraint("key", name="uq_decisions_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_decisions_dataset_id_annotator_id", "decisions", ["dataset_id", "annotator", "id"])
    op.create_index("ix_decisions_label_id_id", "decisions", ["label_id", "id"])
    op.create_index("ix_decisions_suggestion_id", "decisions", ["suggestion_id"])
    op.create_index("ix_decisions_undoes", "decisions", ["undoes"])
