"""A training that does not fit ends with the setting that takes less memory."""

import pytest
import torch

from app.tasks import memory_in_words
from spotting.errors import BadConfig
from spotting.presets import small


def test_memory_that_is_not_there_is_said_with_a_smaller_setting() -> None:
    with pytest.raises(BadConfig, match="start a run with batch 4"), memory_in_words(small(), "CPU, 2 cores"):
        torch.empty(1 << 50)


def test_other_errors_stay_what_they_are() -> None:
    with pytest.raises(RuntimeError, match="must match"), memory_in_words(small(), "CPU, 2 cores"):
        _ = torch.ones(2) + torch.ones(3)
