"""Reasons say in words what the numbers say."""

import numpy as np
import pytest

from spotting.noise_model import ClassModel, Hypothesis, NoiseModel
from spotting.reasons import Findings, describe, explain, shift_in_words
from spotting.traces import Traces

FLAT, PEAK = np.full(7, 1 / 7), np.array([0, 0, 0.05, 0.1, 0.15, 0.7, 0])
DOUBLE, HERE = np.array([0, 0.4, 0.05, 0.05, 0.0, 0.5, 0]), np.array([0, 0, 0.1, 0.8, 0.1, 0, 0])


def reasons(posterior: np.ndarray, move: int, **given: object) -> tuple[str, ...]:
    found = {
        "leaning": move,
        "crowded": False,
        "matched": np.nan,
        "refusal": None,
        "trained": [],
        "trainings": 1,
        "apart": np.nan,
        **given,
    }
    return explain(
        Findings(
            moves_G=np.array([move]),
            leaning_G=np.array([found["leaning"]]),
            posterior_GS=posterior[None],
            better_G=np.array([0.6]),
            crowded_G=np.array([found["crowded"]]),
            traces=Traces(
                matched_G=np.array([found["matched"]], dtype=float),
                trained_MEG=np.array(found["trained"], dtype=float).reshape(found["trainings"], -1, 1),
                apart_G=np.array([found["apart"]], dtype=float),
            ),
            refusals=[found["refusal"] if isinstance(found["refusal"], str) else None],
        )
    )[0]


def test_the_deciding_reason_comes_first() -> None:
    assert reasons(PEAK, 2) == ("peak 2 frames later, clear of the next best",)
    assert reasons(DOUBLE, 2) == ("two peaks: 2 frames later, and 2 frames earlier",)
    assert reasons(HERE, 0) == ("the evidence agrees with the label",)
    assert reasons(FLAT, 0) == ("no clear evidence: label kept",)
    assert reasons(PEAK, 1, crowded=True)[0].startswith("1 frame later: kept apart")
    assert reasons(PEAK, 0, leaning=2)[0] == (
        "the evidence leans 2 frames later, not clearly enough (60% better): label kept"
    )
    assert reasons(PEAK, 0, refusal="3 labels are too few to tell: labels kept")[0].startswith("3 labels")


def test_the_matcher_is_mentioned_when_it_agrees_or_differs() -> None:
    assert reasons(PEAK, 2, matched=1.6)[1] == "the matcher agrees (+1.6)"
    assert reasons(PEAK, 2, matched=-2.0)[1] == "the matcher differs (-2.0)"
    assert len(reasons(PEAK, 2, matched=0.6)) == 1


def test_late_epochs_are_counted_in_words() -> None:
    trained = [2.3] * 17 + [1.6, -1.0, 0.0, np.nan]
    assert reasons(PEAK, 2, trained=trained)[1] == "in training, 18 of the last 20 epochs moved it +2"
    assert reasons(HERE, 0, trained=[0.1] * 6)[1] == "in training, 6 of the last 6 epochs left it in place"
    assert len(reasons(PEAK, 2, trained=[2.0] * 4)) == 1
    both = [2.0] * 18 + [np.nan] * 2 + [2.4] * 10 + [0.0] * 10
    told = "in training, 28 of 38 late epochs of 2 trainings moved it +2"
    assert reasons(PEAK, 2, trained=both, trainings=2)[1] == told
    one = [np.nan] * 20 + [2.0] * 20
    told = "in training, 20 of the last 20 epochs moved it +2"
    assert reasons(PEAK, 2, trained=one, trainings=2)[1] == told
    assert reasons(PEAK, 2, apart=2.04)[1] == "windows, late epochs and models are 2.0 frames apart"


@pytest.mark.parametrize(
    ("shift", "words"), [(0, "at the label"), (1, "1 frame later"), (-3, "3 frames earlier")]
)
def test_shifts_are_said_in_words(shift: int, words: str) -> None:
    assert shift_in_words(shift) == words


def test_the_model_is_described_with_what_it_rests_on() -> None:
    guess = Hypothesis(weight=1, sigma=2.0, error=0.5, outliers=0.01, lapses=0.0, sharpness=1, floor=-4)
    classes = {
        "hit": ClassModel(drift=1.4),
        "serve": ClassModel(bias=-2.0, drift=-2.0),
        "bounce": ClassModel(refusal="its evidence is not tied to its labels: labels kept"),
    }
    fitted = describe(NoiseModel(basis="fitted", reviewed=0, hypotheses=(guess,), classes=classes))
    assert fitted[0].startswith("label error about 2.0 frames (sd), model error about 0.5; fitted")
    assert "Unverified" in fitted[0]
    assert fitted[1].startswith("one training judged each label")
    assert fitted[2].startswith("hit: its evidence lies 1.4 frames later than its labels on average")
    assert fitted[3] == "serve: reviewed labels are 2.0 frames earlier on average; corrected"
    assert fitted[4] == "bounce: its evidence is not tied to its labels: labels kept"
    reviewed = describe(NoiseModel(basis="reviewed", reviewed=60, hypotheses=(guess,), classes={}))
    assert reviewed == ("label error about 2.0 frames (sd), model error about 0.5; from 60 reviewed labels",)


@pytest.mark.parametrize(
    ("reviewed", "measured", "said"), [(0, None, True), (49, None, True), (0, 0.4, False)]
)
def test_a_model_error_that_nothing_measured_is_said_to_be_so(
    reviewed: int, measured: float | None, said: bool
) -> None:
    guess = Hypothesis(weight=1, sigma=2.0, error=0.5, outliers=0.01, lapses=0.0, sharpness=1, floor=-4)
    basis = "reviewed" if reviewed else "fitted" if measured is None else "disagreement"
    model = NoiseModel(basis=basis, reviewed=reviewed, hypotheses=(guess,), classes={}, measured=measured)
    assert any("not measured" in note for note in describe(model)) == said
