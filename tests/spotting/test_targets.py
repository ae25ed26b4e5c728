"""Ground truth of a batch: soft vectors per frame, rows of the matcher, and whose they are."""

import numpy as np
import torch

from spotting.targets import LabelRows, locate, make_targets


def labels(*rows: tuple[int, int, int]) -> LabelRows:
    window_K, frame_K, class_K = np.array(rows, np.int64).reshape(-1, 3).T
    return LabelRows(window_K, frame_K, class_K, np.zeros_like(window_K), np.arange(len(rows)))


def test_labels_on_one_frame_become_one_row_with_both_classes() -> None:
    targets = make_targets(labels((0, 5, 1), (0, 5, 2), (0, 2, 0)), 1, 8, 3)
    assert targets.counts_B.tolist() == [2]
    assert targets.frames_BG.tolist() == [[2, 5]]
    assert targets.classes_BGC.tolist() == [[[1, 0, 0], [0, 1, 1]]]
    assert targets.row_K.tolist() == [1, 1, 0]


def test_windows_with_fewer_labels_are_padded_with_nothing() -> None:
    targets = make_targets(labels((0, 1, 0), (0, 2, 1), (2, 7, 0)), 3, 8, 2)
    assert targets.counts_B.tolist() == [2, 0, 1]
    assert targets.total == 3
    assert not targets.classes_BGC[1].any()
    assert not targets.classes_BGC[2, 1].any()
    assert make_targets(labels(), 2, 8, 2).total == 1


def test_dilation_repeats_a_label_on_its_neighbours_inside_the_window() -> None:
    targets = make_targets(labels((0, 0, 0), (0, 4, 1)), 1, 6, 2, dilation=1)
    assert targets.frames_BG.tolist() == [[0, 1, 3, 4, 5]]
    assert targets.row_K.tolist() == [0, 3]


def test_mixup_shares_labels_with_the_next_window() -> None:
    mix = np.array([0.75, 0.4], np.float32)
    targets = make_targets(labels((0, 2, 0), (1, 2, 0), (1, 5, 1)), 2, 8, 2, mix_B=mix)
    assert torch.allclose(targets.labels_BTC[0, 2], torch.tensor([1.0, 0.0]))
    assert torch.allclose(targets.labels_BTC[0, 5], torch.tensor([0.0, 0.25]))
    assert torch.allclose(targets.labels_BTC[1, 5], torch.tensor([0.0, 0.4]))
    assert targets.counts_B.tolist() == [2, 2]


def test_mixup_shares_what_is_known_of_events_as_it_shares_labels() -> None:
    mix = np.array([0.75, 0.4], np.float32)
    chances = np.eye(3, dtype=np.float32)
    rows = labels((0, 2, 0), (1, 2, 0), (1, 5, 1))
    located = locate(rows, [chances], 2, mix)
    assert located is not None
    shared = torch.zeros(2, 8, 2)
    shared.index_put_((located.window_N, located.frame_N, located.class_N), located.weight_N, accumulate=True)
    assert torch.allclose(shared, make_targets(rows, 2, 8, 2, mix_B=mix).labels_BTC)
    assert located.chance_NS.tolist() == [*chances.tolist(), *chances.tolist()]
    assert locate(labels(), [chances], 2, None) is None
