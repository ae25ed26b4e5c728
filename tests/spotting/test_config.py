"""Settings refuse what cannot work, by name and rule, and survive JSON."""

import json
import re
from dataclasses import replace

import pytest

from spotting.config import ModelConfig, TrainConfig, from_dict, lambda_of, reach_of, to_dict
from spotting.errors import BadConfig
from spotting.presets import paper, small


@pytest.mark.parametrize(
    "config",
    [small(), small("dla"), paper("finegym", backbone="regnety_008", sigma=2.0)],
    ids=["small", "dla", "paper"],
)
def test_settings_survive_json(config: TrainConfig) -> None:
    mirrored = replace(config, mirrored=(("left", "right"),))
    assert from_dict(json.loads(json.dumps(to_dict(mirrored)))) == mirrored


def test_missing_keys_take_their_defaults() -> None:
    assert from_dict({"epochs": 3, "model": {"size": 96}}) == TrainConfig(
        epochs=3, model=ModelConfig(size=96)
    )


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"modle": {}}, "modle: no such setting of TrainConfig"),
        ({"model": {"depth": 3}}, "depth: no such setting of ModelConfig"),
        ({"epochs": 0}, "epochs is 0: must lie between 1 and 100000"),
        ({"epochs": "many"}, "epochs is 'many': must lie between 1 and 100000"),
        ({"reach": -1.0}, "reach is -1.0: must be above 0"),
        (
            {"objective": "magic"},
            "objective is 'magic': must be one of dla, time_matching, static, convolved",
        ),
        ({"model": {"size": 50}}, "size is 50: must be a multiple of 16 and at least 32"),
        ({"model": {"width": 50}}, "width is 50: must be a multiple of twice heads"),
        ({"model": {"backbone": "regnety_002"}}, "width is 96: regnety_002 puts out 368 features"),
        (
            {"objective": "dla", "model": {"temporal": "gru"}},
            "temporal is 'gru': it has no queries",
        ),
        ({"model": {"temporal": "gru", "encoder_layers": 0}}, "needs encoder_layers of 1 or more"),
        ({"frozen": True}, "frozen is True: the backbone needs weights, from start or from pretrained"),
        ({"mirrored": [["left", "left"]]}, "must be pairs of two different classes"),
    ],
)
def test_a_bad_setting_is_named_with_its_value_and_rule(values: dict[str, object], message: str) -> None:
    with pytest.raises(BadConfig, match=re.escape(message)):
        from_dict(values)


@pytest.mark.parametrize(
    ("time_weight", "classes", "reach"),
    [(10, 6, 1.67), (1, 6, 16.7), (8, 4, 3.1), (10, 32, 0.31), (0.1, 32, 31)],
)
def test_reach_is_the_papers_lambda_in_frames(time_weight: float, classes: int, reach: float) -> None:
    assert reach_of(time_weight, 100, classes) == pytest.approx(reach, rel=0.01)
    assert lambda_of(reach_of(time_weight, 100, classes), 100, classes) == pytest.approx(time_weight)


def test_paper_presets_hold_the_papers_numbers() -> None:
    tennis, gym = paper("tennis", sigma=2.0), paper("finegym", backbone="regnety_008")
    assert (tennis.epochs, gym.epochs) == (100, 200)
    assert tennis.reach == pytest.approx(100 / (1 * 6))
    assert paper("tennis", sigma=0.7).reach == pytest.approx(100 / (8 * 6))
    assert paper("fs", sigma=2.0).reach == pytest.approx(100 / (8 * 4))
    assert (paper("fs").dilation, tennis.dilation) == (1, 0)
    assert (gym.model.sigma_reparam, tennis.model.sigma_reparam) == (True, False)
    assert (tennis.batch, tennis.frames_per_epoch, tennis.model.window) == (8, 500_000, 100)
    assert (tennis.backbone_rate, tennis.transformer_rate, tennis.weight_decay) == (1e-3, 1e-4, 1e-4)


def test_presets_name_what_they_do_not_know() -> None:
    with pytest.raises(BadConfig, match="dataset is 'chess': must be one of tennis, finediving, fs, finegym"):
        paper("chess")
    with pytest.raises(BadConfig, match="backbone is 'nano': must be one of regnety_002, regnety_008"):
        paper("tennis", backbone="nano")
