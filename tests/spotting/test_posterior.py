"""Suggestions on simulated evidence whose truth is known: they help, they are honest, and they do no harm."""

from collections.abc import Sequence

import numpy as np
import pytest

from spotting.errors import BadConfig
from spotting.metrics import calibration_error, change, residuals
from spotting.noise import expected_offset
from spotting.posterior import suggest
from tests.spotting.simulated import LENGTH, RADIUS, Simulated, confidence, moved, simulate


@pytest.mark.parametrize(
    ("sigma", "residual", "within"), [(1.0, 0.30, 0.97), (1.5, 0.38, 0.96), (2.0, 0.45, 0.94)]
)
def test_distinct_events_come_right_with_sixty_reviews(sigma: float, residual: float, within: float) -> None:
    data = simulate(sigma)
    found = data.suggest(reviews=60)
    after = residuals(moved(found), data.true)
    assert residuals(data.frames, data.true).mean == pytest.approx(expected_offset(sigma), abs=0.1)
    assert after.mean <= residual
    assert after.within_1 >= within
    assert abs(after.signed) <= 0.1
    assert change(data.frames, moved(found), data.true).worse <= 0.08
    assert calibration_error(confidence(found), np.abs(moved(found) - data.true) <= 1) <= 0.03
    assert found.noise.sigma == pytest.approx(sigma, rel=0.2)
    assert found.noise.basis == "reviewed"


@pytest.mark.parametrize(("sigma", "share"), [(1.0, 0.9), (2.0, 0.5)])
def test_labels_get_better_before_anybody_has_reviewed_any(sigma: float, share: float) -> None:
    data = simulate(sigma)
    found = data.suggest()
    assert residuals(moved(found), data.true).mean < share * residuals(data.frames, data.true).mean
    assert change(data.frames, moved(found), data.true).worse <= 0.03
    assert found.noise.basis == "fitted"
    assert "Unverified" in found.notes[0]


def test_reviews_of_the_likeliest_errors_do_not_pass_for_a_random_draw() -> None:
    data = simulate(1.0, count=600, width=3.0, jitter=1.5, strength=3.0)
    worst = np.argsort(-np.abs(data.frames - data.true))[:60].tolist()
    drawn = np.random.default_rng(7).permutation(600)[:40].tolist()
    chosen, both = data.suggest(rows=worst), data.suggest(rows=[*worst, *drawn], blind=drawn)
    assert chosen.noise.sigma > 1.4
    assert both.noise.sigma == pytest.approx(1.0, abs=0.3)
    assert both.noise.reviewed == len(drawn)


def test_evidence_already_blurred_by_the_label_noise_is_sharpened() -> None:
    data = simulate(2.0, width=2.2, jitter=0.6)
    for found in (data.suggest(reviews=60), data.suggest(sigma=2.0)):
        assert residuals(moved(found), data.true).mean < 0.8
        assert change(data.frames, moved(found), data.true).worse <= 0.02


@pytest.mark.parametrize("reviews", [0, 60])
@pytest.mark.parametrize("jitter", [0.35, 0.8])
def test_labels_without_noise_are_left_alone(reviews: int, jitter: float) -> None:
    data = simulate(0.0, jitter=jitter)
    assert change(data.frames, moved(data.suggest(reviews)), data.true).worse <= 0.03


def test_a_stated_label_error_that_the_labels_contradict_is_not_believed() -> None:
    data = simulate(0.5)
    found = data.suggest(sigma=3.0)
    assert found.noise.basis == "fitted"
    assert residuals(moved(found), data.true).mean <= residuals(data.frames, data.true).mean


@pytest.mark.parametrize("stated", [1.6, 2.0, 2.5])
def test_many_labels_do_not_contradict_a_label_error_near_their_own(stated: float) -> None:
    data = simulate(2.0, count=1500)
    assert data.suggest(sigma=stated).noise.basis == "stated"


@pytest.mark.parametrize("reviews", [0, 60])
def test_evidence_that_says_nothing_moves_nothing(reviews: int) -> None:
    data = simulate(2.0, strength=0.0)
    found = data.suggest(reviews)
    assert (moved(found) == data.frames).all()
    assert confidence(found).max() < 0.65
    assert all("not tied to its labels" in suggestion.reasons[0] for suggestion in found.suggestions)
    assert "not tied to its labels" in " ".join(found.notes)


def test_constant_scores_move_nothing() -> None:
    data = simulate(2.0, count=200)
    data.scores[:] = np.where(np.isnan(data.scores), np.nan, 0.2)
    assert (moved(data.suggest()) == data.frames).all()


@pytest.mark.parametrize("sigma", [0.5, 1.0, 2.0])
def test_ambiguous_evidence_does_no_harm(sigma: float) -> None:
    data = simulate(sigma, width=3.0, jitter=1.5, strength=3.0)
    before = residuals(data.frames, data.true).mean
    assert residuals(moved(data.suggest(reviews=60)), data.true).mean <= before
    assert residuals(moved(data.suggest()), data.true).mean <= before + 0.1


def test_a_small_shift_of_the_evidence_is_named_and_not_applied() -> None:
    data = simulate(1.0, late=0.8)
    found = data.suggest()
    assert abs(residuals(moved(found), data.frames).signed) < 0.2
    assert residuals(moved(found), data.true).mean < 0.5
    assert found.noise.classes["hit"].drift == pytest.approx(0.8, abs=0.25)
    assert "hit: its evidence lies" in " ".join(found.notes)


def test_a_class_whose_evidence_is_another_instant_is_kept_until_ten_reviews_say_which() -> None:
    data = simulate(1.0, late=2.0)
    found = data.suggest()
    assert (moved(found) == data.frames).all()
    assert all("instant is meant" in suggestion.reasons[0] for suggestion in found.suggestions)
    settled = data.suggest(60)
    assert residuals(moved(settled), data.true).mean < 0.5


def test_one_answer_about_a_class_settles_which_instant_is_meant() -> None:
    data = simulate(1.0, late=2.0, count=600)
    found = data.suggest(answers={"hit": 0.0, "bounce": -2.0})
    hits = np.array(data.classes) == "hit"
    after = moved(found)
    assert [found.noise.classes[name].refusal for name in ("hit", "bounce")] == [None, None]
    assert abs((after - data.frames)[hits].mean()) < 0.2
    assert np.abs(after - data.true)[hits].mean() < np.abs(data.frames - data.true)[hits].mean()
    assert (after - data.true)[~hits].mean() == pytest.approx(2.0, abs=0.3)
    assert data.suggest().noise.classes["hit"].off == pytest.approx(2.0, abs=0.3)


def test_models_that_know_their_labels_by_heart_are_less_sure_until_some_are_reviewed() -> None:
    data = simulate(2.0, count=300)
    matched = (data.true - data.frames).astype(float)
    trained_MEG = np.broadcast_to(matched, (1, 6, 300))
    lengths, args = np.full(300, LENGTH), {"matched": matched.tolist(), "trained_MEG": 0.2 * trained_MEG}
    plain = data.suggest()
    by_heart = suggest(data.scores, data.frames, data.classes, lengths, clip_ids=data.clips, **args)
    assert by_heart.noise.temper == pytest.approx(0.2, abs=0.05)
    assert confidence(by_heart).mean() < confidence(plain).mean() - 0.05
    assert "know them by heart" in " ".join(by_heart.notes)
    assert all(each.stability is None for each in by_heart.suggestions)
    assert not any("in training" in reason for each in by_heart.suggestions for reason in each.reasons)
    args["trained_MEG"] = trained_MEG
    learned = suggest(data.scores, data.frames, data.classes, lengths, clip_ids=data.clips, **args)
    assert all("in training, 6 of the last 6" in " ".join(each.reasons) for each in learned.suggestions)
    args["trained_MEG"] = 0.2 * trained_MEG
    reviewed = {row: int(data.true[row]) for row in range(0, 300, 6)}
    told = suggest(
        data.scores, data.frames, data.classes, lengths, clip_ids=data.clips, reviewed=reviewed, **args
    )
    assert told.noise.temper == 1.0


def test_moves_that_reviews_do_not_bear_out_are_taken_back() -> None:
    data = simulate(2.0)
    lengths = np.full(1000, LENGTH)
    reviewed = {row: int(data.frames[row]) for row in range(0, 1000, 20)}
    found = suggest(data.scores, data.frames, data.classes, lengths, clip_ids=data.clips, reviewed=reviewed)
    assert (moved(found) == data.frames).all()


def test_ten_reviews_show_a_bias_that_all_labels_share() -> None:
    data = simulate(1.0, late=2.0, bias=2)
    unseen = data.suggest()
    assert residuals(moved(unseen), data.true).signed == pytest.approx(2.0, abs=0.2)
    shown = data.suggest(reviews=15)
    assert residuals(moved(shown), data.true).mean < 0.4
    assert "reviewed labels are 2" in " ".join(shown.notes)


@pytest.mark.parametrize(("reviews", "bias"), [(0, 0.3), (60, 0.15)])
def test_labels_near_the_ends_of_a_clip_are_not_pulled_inwards(reviews: int, bias: float) -> None:
    data = simulate(2.0, edge=True)
    found = data.suggest(reviews)
    first, last = (np.arange(1000) % 4 == 0), (np.arange(1000) % 4 == 3)
    assert residuals(data.frames[first], data.true[first]).signed > 0.3
    for end in (first, last):
        assert abs(residuals(moved(found)[end], data.true[end]).signed) < bias
    assert moved(found).min() >= 0
    assert moved(found).max() < LENGTH


@pytest.mark.parametrize("seed", range(3))
def test_two_labels_of_one_class_never_come_to_share_a_frame(seed: int) -> None:
    rng = np.random.default_rng(seed)
    data = simulate(2.0, count=400, seed=seed)
    data.frames = (np.arange(400) % 4 * 3 + 50 + rng.integers(0, 3, 400)).astype(np.int64)
    data.scores = rng.permutation(data.scores)
    found = data.suggest(sigma=2.0)
    places = list(zip(data.clips.tolist(), data.classes, moved(found).tolist(), strict=True))
    assert len(set(places)) == len(places)
    assert found.noise.basis in ("stated", "fitted")


def test_a_suggestion_says_all_that_the_review_shows() -> None:
    data = simulate(2.0, count=400)
    data.scores[7] = np.nan
    matched: Sequence[float | None] = [None, *(float(shift) for shift in data.true - data.frames)][:400]
    lengths = np.full(400, LENGTH)
    found = suggest(data.scores, data.frames, data.classes, lengths, clip_ids=data.clips, matched=matched)
    for suggestion, frame in zip(found.suggestions, data.frames.tolist(), strict=True):
        assert suggestion.frame == frame + suggestion.offset
        assert suggestion.posterior_S.sum() == pytest.approx(1, abs=1e-4)
        assert suggestion.posterior_S.shape == suggestion.scores_S.shape == (2 * RADIUS + 1,)
        assert 0 <= suggestion.confidence <= 1
        assert suggestion.reasons
        assert (suggestion.better > 0) == (suggestion.offset != 0)
        assert suggestion.expected_error <= RADIUS
    assert found.suggestions[0].matched_offset is None
    assert any(r.startswith("peak 2 frames later") for s in found.suggestions for r in s.reasons)


def test_the_same_input_gives_the_same_suggestions() -> None:
    data = simulate(1.5, count=200)
    first, second = data.suggest(30), data.suggest(30)
    assert (moved(first) == moved(second)).all()
    assert (confidence(first) == confidence(second)).all()


def test_what_the_model_sees_elsewhere_now_and_then_keeps_it_modest() -> None:
    data = simulate(2.0)
    lost = np.random.default_rng(8).random(1000) < 0.05
    data.scores[lost] = data.scores[lost, ::-1]
    found = data.suggest(60)
    sure = confidence(found) >= 0.95
    assert (np.abs(moved(found) - data.true)[sure] <= 1).mean() >= 0.95


def test_time_reversed_evidence_gives_mirrored_moves() -> None:
    data = simulate(2.0, count=400)
    mirrored = Simulated(
        data.scores[:, ::-1], LENGTH - 1 - data.true, LENGTH - 1 - data.frames, data.classes, data.clips
    )
    there, back = data.suggest(30), mirrored.suggest(30)
    same = moved(there) == LENGTH - 1 - moved(back)
    assert same.mean() > 0.97
    assert np.abs(moved(there) - (LENGTH - 1 - moved(back))).max() <= 2


def test_evidence_that_says_where_labels_are_is_read_as_such() -> None:
    data = simulate(2.0, width=2.2, jitter=0.3)
    found = data.suggest(60)
    assert all(hypothesis.blurred for hypothesis in found.noise.hypotheses)
    assert residuals(moved(found), data.true).mean < 0.4
    assert not simulate(2.0, count=400).suggest(30).noise.hypotheses[0].blurred


def test_a_class_of_few_labels_is_kept() -> None:
    data = simulate(2.0, count=200)
    data.classes[:3] = ["serve"] * 3
    found = data.suggest(sigma=2.0)
    assert moved(found)[:3].tolist() == data.frames[:3].tolist()
    assert found.suggestions[0].reasons[0] == "3 labels are too few to tell: labels kept"


def test_no_labels_give_no_suggestions() -> None:
    assert suggest([], [], [], [], clip_ids=[]).suggestions == []


def test_inputs_that_do_not_fit_together_are_refused() -> None:
    scores = np.full((2, 5), 0.5)
    with pytest.raises(BadConfig, match="label 1: frame 9 is past the end"):
        suggest(scores, [3, 9], ["a", "a"], [9, 9], clip_ids=[0, 0])
    with pytest.raises(BadConfig, match="different lengths"):
        suggest(scores, [3], ["a", "a"], [9, 9], clip_ids=[0, 0])
    with pytest.raises(BadConfig, match="odd number of shifts"):
        suggest(np.full((2, 4), 0.5), [3, 4], ["a", "a"], [9, 9], clip_ids=[0, 0])
    with pytest.raises(BadConfig, match="reviewed label 7"):
        suggest(scores, [3, 4], ["a", "a"], [9, 9], clip_ids=[0, 0], reviewed={7: 3})
