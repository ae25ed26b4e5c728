"""Spotters on disk: they come back the same, or say why not."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from spotting.checkpoint import load_spotter, load_training, save_spotter, save_training
from spotting.config import OBJECTIVES, TrainConfig
from spotting.errors import BadCheckpoint
from spotting.spotter import Spotter

Tiny = Callable[..., TrainConfig]


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_a_saved_spotter_comes_back_the_same(tiny: Tiny, tmp_path: Path, objective: str) -> None:
    saved = Spotter(tiny(objective=objective, encoder_weight=0.5), ("red", "blue")).eval()
    save_spotter(tmp_path / "run", saved)
    loaded = load_spotter(tmp_path / "run")
    assert (loaded.config, loaded.classes, loaded.training) == (saved.config, saved.classes, False)
    pictures = torch.randn(1, 16, 3, 32, 32)
    before, after = saved(pictures), loaded(pictures)
    for name in ("frame_logits_BTC", "query_logits_LBQC", "times_LBQ"):
        old, new = getattr(before, name), getattr(after, name)
        assert (old is None) == (new is None)
        assert old is None or torch.equal(old, new)


def test_a_missing_or_foreign_file_is_named(tmp_path: Path, tiny: Tiny) -> None:
    with pytest.raises(BadCheckpoint, match="no such file"):
        load_spotter(tmp_path)
    (tmp_path / "spotter.safetensors").write_bytes(b"not weights")
    with pytest.raises(BadCheckpoint, match="spotter.safetensors: not a spotter of this version"):
        load_spotter(tmp_path)
    (tmp_path / "training.pt").write_bytes(b"not a state")
    with pytest.raises(BadCheckpoint, match="training.pt: cannot be read"):
        load_training(tmp_path, "cpu")


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    save_training(tmp_path, {"step": 1})
    with pytest.raises(Exception, match="pickle"):
        save_training(tmp_path, {"step": 2, "bad": lambda: None})
    assert load_training(tmp_path, "cpu") == {"step": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["training.pt"]
    assert load_training(tmp_path / "elsewhere", "cpu") is None
