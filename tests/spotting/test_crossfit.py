"""Folds never split a source and hold about as many clips each."""

from collections import Counter

import pytest

from spotting.crossfit import assign_folds
from spotting.errors import BadConfig

SOURCES = [f"match{match:02}" for match in range(24) for _ in range(4)]


def test_clips_of_one_source_are_held_out_together() -> None:
    folds = assign_folds(SOURCES, 5, seed=0)
    assert len({(source, fold) for source, fold in zip(SOURCES, folds, strict=True)}) == 24


@pytest.mark.parametrize("folds", [2, 3, 5])
def test_folds_are_balanced(folds: int) -> None:
    uneven = [*SOURCES, *["long"] * 13]
    loads = Counter(assign_folds(uneven, folds, seed=1)).values()
    assert len(loads) == folds
    assert max(loads) - min(loads) <= 4


def test_the_seed_decides_and_the_order_of_clips_does_not() -> None:
    folds = assign_folds(SOURCES, 2, seed=3)
    assert folds == assign_folds(SOURCES, 2, seed=3)
    assert folds != assign_folds(SOURCES, 2, seed=4)
    assert folds[::-1] == assign_folds(SOURCES[::-1], 2, seed=3)


def test_few_sources_are_left_out_one_by_one() -> None:
    assert sorted(assign_folds(["a", "b", "c"], 5, seed=0)) == [0, 1, 2]


def test_one_source_cannot_be_cross_fitted() -> None:
    with pytest.raises(BadConfig, match=r"all 3 clips come from one source \(match_1\)"):
        assign_folds(["match_1"] * 3, 2, seed=0)
    with pytest.raises(BadConfig, match="folds 1"):
        assign_folds(["a", "b"], 1, seed=0)


def test_every_annotator_is_spread_over_the_folds() -> None:
    sources = [f"match_{clip // 3}" for clip in range(72)]
    annotators = [("anna", "ben", "cleo")[clip // 3 % 3] if clip < 54 else None for clip in range(72)]
    for seed in range(5):
        folds = assign_folds(sources, 2, seed, annotators)
        shares = Counter(zip(annotators, folds, strict=True))
        assert {shares[name, fold] for name in ("anna", "ben", "cleo", None) for fold in (0, 1)} == {9}
