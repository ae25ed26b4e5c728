"""The tables. Labels never change, decisions are only added; `standings` is what follows from both."""

from storage.tables.accounts import AccessKey, Account
from storage.tables.answers import AnswerRow
from storage.tables.base import Moment, Table
from storage.tables.datasets import CarriedEntry, Clip, Dataset, Label, Shift, Video
from storage.tables.definitions import DefinitionRow
from storage.tables.doubts import DoubtRow
from storage.tables.jobs import Job
from storage.tables.leases import Lease
from storage.tables.reviews import Batch, Decision, Standing, Tally
from storage.tables.runs import EpochChoice, EpochRow, Run, SuggestionRow

__all__ = [
    "AccessKey",
    "Account",
    "AnswerRow",
    "Batch",
    "CarriedEntry",
    "Clip",
    "Dataset",
    "Decision",
    "DefinitionRow",
    "DoubtRow",
    "EpochChoice",
    "EpochRow",
    "Job",
    "Label",
    "Lease",
    "Moment",
    "Run",
    "Shift",
    "Standing",
    "SuggestionRow",
    "Table",
    "Tally",
    "Video",
]
