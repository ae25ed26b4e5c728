import numpy as np

from spotting.spurious import without_evidence


def test_a_label_whose_class_scores_nowhere_is_found_by_the_scale_of_its_class():
    classes = ["hit"] * 20 + ["bounce"] * 20
    best = np.array([0.8] * 20 + [0.08] * 20)
    best[3], best[30] = 0.05, 0.002
    weight = without_evidence(classes, best)
    assert np.flatnonzero(weight).tolist() == [3, 30]
    np.testing.assert_allclose(weight[[3, 30]], [1 - 0.05 / 0.2, 1 - 0.002 / 0.02])


def test_few_labels_or_no_scores_at_all_tell_nothing():
    assert not without_evidence(["hit"] * 9, [0.9] * 8 + [0.0]).any()
    assert not without_evidence(["hit"] * 20, np.zeros(20)).any()
    assert len(without_evidence([], [])) == 0
