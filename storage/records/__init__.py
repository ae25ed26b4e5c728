"""What storage takes and gives: frozen values, free of sessions and rows."""

from storage.records.accounts import AccountRecord, KeyKind, KeyRecord, Role
from storage.records.datasets import (
    ClipRecord,
    DatasetRecord,
    LabelRecord,
    NewClip,
    NewDataset,
    NewVideo,
    ShiftEffect,
    ShiftRecord,
    VideoRecord,
)
from storage.records.jobs import JobRecord, JobState
from storage.records.leases import LeaseRecord
from storage.records.reviews import (
    AuditProgress,
    BatchRecord,
    DecisionRecord,
    DoubtRecord,
    FlagReason,
    NewDecision,
    QueueName,
    ReviewItem,
    ReviewProgress,
    Verdict,
)
from storage.records.runs import EpochChoiceRecord, EpochRecord, RunRecord, SuggestionRecord

__all__ = [
    "AccountRecord",
    "KeyKind",
    "KeyRecord",
    "Role",
    "AuditProgress",
    "BatchRecord",
    "ClipRecord",
    "DatasetRecord",
    "DecisionRecord",
    "DoubtRecord",
    "FlagReason",
    "EpochChoiceRecord",
    "EpochRecord",
    "JobRecord",
    "JobState",
    "LabelRecord",
    "LeaseRecord",
    "NewClip",
    "NewDataset",
    "NewDecision",
    "NewVideo",
    "QueueName",
    "ReviewItem",
    "ReviewProgress",
    "RunRecord",
    "ShiftEffect",
    "ShiftRecord",
    "SuggestionRecord",
    "Verdict",
    "VideoRecord",
]
