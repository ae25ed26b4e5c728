"""The training losses (Sec. 3.3, Eqs. 6 to 8), and what they read out about each label on the way."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from spotting.config import TrainConfig, lambda_of
from spotting.frame_scores import centroids, smooth_scores
from spotting.matcher import assign, matching_costs
from spotting.point_process import (
    convolved_loss,
    displaced,
    displaced_queries,
    located_loss,
    noise_density,
)
from spotting.position import to_frames, to_time
from spotting.spotter import Outputs
from spotting.targets import LabelRows, Targets


@dataclass(frozen=True, slots=True, eq=False)
class Losses:
    """`total` to go back from; its `parts`, detached; each label's match: offset in frames, class score."""

    total: Tensor
    parts: dict[str, Tensor]
    offset_K: NDArray[np.float32]
    score_K: NDArray[np.float32]


Criterion = Callable[[Outputs, Targets, float], Losses]
"""Losses of a batch; the float is the reach R in frames at this moment of the training."""


def build_criterion(config: TrainConfig, outside_C: Tensor) -> Criterion:
    """The criterion of `config.objective`; `outside_C`: labels per frame and class in the training clips."""
    if config.objective in ("dla", "time_matching"):
        return AssignmentCriterion(
            use_scores=config.objective == "dla",
            time_weight=config.time_weight,
            frame_weight=config.encoder_weight,
        )
    if config.objective == "static":
        return static_criterion
    kind = ConvolvedQueryCriterion if config.head == "queries" else ConvolvedCriterion
    return kind(config.widening * config.sigma, outside_C)


def focal_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Soft-target focal loss |c - c^|^2 * BCE(c, c^), elementwise (Eq. 6)."""
    gap = (targets - logits.sigmoid()).abs()
    return gap**2 * functional.binary_cross_entropy_with_logits(logits, targets, reduction="none")


@dataclass(frozen=True, slots=True)
class AssignmentCriterion:
    """Dynamic label assignment (c3), or with `use_scores` False the time-only matching (c2) of Table 2.

    Every decoder layer has its own matching and the same loss (auxiliary losses, suppl. B). `time_weight`
    None takes the matcher's lambda. `frame_weight`: weight of a static loss on the encoder's frame head.
    """

    use_scores: bool
    time_weight: float | None
    frame_weight: float

    def __call__(self, outputs: Outputs, targets: Targets, reach: float) -> Losses:
        logits_LBQC, times_LBQ = outputs.query_logits_LBQC, outputs.times_LBQ
        assert logits_LBQC is not None
        assert times_LBQ is not None
        window, classes = targets.labels_BTC.shape[1:]
        queries_LBG, on_host = self.match(logits_LBQC, times_LBQ, targets, reach)
        matched = torch.from_numpy(queries_LBG).to(logits_LBQC.device)
        class_loss = _class_loss(logits_LBQC, targets, matched)
        time_loss = _time_loss(times_LBQ, targets, matched)
        weight = lambda_of(reach, window, classes) if self.time_weight is None else self.time_weight
        total = class_loss + weight * time_loss
        parts = {"class": class_loss.detach(), "time": time_loss.detach()}
        if outputs.frame_logits_BTC is not None:
            frame_loss = focal_loss(outputs.frame_logits_BTC, targets.labels_BTC).sum() / targets.total
            total = total + self.frame_weight * frame_loss
            parts["frame"] = frame_loss.detach()
        return Losses(total, parts, *_matches(queries_LBG[-1], on_host, targets))

    def match(
        self, logits_LBQC: Tensor, times_LBQ: Tensor, targets: Targets, reach: float
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Queries [L, B, G] of the labels, and on the host the last layer's scores and frames [B, Q, C + 1].

        One copy from the device for all layers and windows of the step.
        """
        scores_LBQC, times_LBQ = logits_LBQC.detach().sigmoid(), times_LBQ.detach()
        window = targets.labels_BTC.shape[1]
        costs = matching_costs(
            scores_LBQC,
            times_LBQ,
            targets.classes_BGC,
            targets.frames_BG,
            window=window,
            reach=reach,
            use_scores=self.use_scores,
        )
        last = torch.cat((scores_LBQC[-1], to_frames(times_LBQ[-1], window)[..., None]), dim=-1)
        on_host = torch.cat((costs.flatten(), last.flatten())).cpu().numpy()
        costs_LBGQ = on_host[: costs.numel()].reshape(costs.shape)
        return assign(costs_LBGQ, targets.counts_B), on_host[costs.numel() :].reshape(last.shape)


def _class_loss(logits_LBQC: Tensor, targets: Targets, matched_LBG: Tensor) -> Tensor:
    """Eq. 6 summed over layers: matched queries against their labels, all others against no event."""
    layers, batch, queries, classes = logits_LBQC.shape
    spare = logits_LBQC.new_zeros(layers, batch, queries + 1, classes)
    index = torch.where(matched_LBG < 0, queries, matched_LBG)[..., None].expand(-1, -1, -1, classes)
    wanted = spare.scatter(2, index, targets.classes_BGC.expand(layers, -1, -1, -1))[:, :, :queries]
    return focal_loss(logits_LBQC, wanted).sum() / targets.total


def _time_loss(times_LBQ: Tensor, targets: Targets, matched_LBG: Tensor) -> Tensor:
    """Eq. 7 summed over layers."""
    window = targets.labels_BTC.shape[1]
    matched_times = times_LBQ.gather(2, matched_LBG.clamp_min(0))
    gaps = (matched_times - to_time(targets.frames_BG.float(), window)).abs()
    return (gaps * (matched_LBG >= 0)).sum() / targets.total


def _matches(
    queries_BG: NDArray[np.int64], host_BQX: NDArray[np.float32], targets: Targets
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Offset in frames and class score of each label's query; NaN for a label that got none."""
    rows = targets.rows
    query_K = queries_BG[rows.window_K, targets.row_K]
    frame_K = host_BQX[rows.window_K, query_K, -1]
    score_K = host_BQX[rows.window_K, query_K, rows.class_K]
    missing = query_K < 0
    return np.where(missing, np.nan, frame_K - rows.frame_K), np.where(missing, np.nan, score_K)


def static_criterion(outputs: Outputs, targets: Targets, reach: float) -> Losses:
    """Static assignment (c1): the tagged frame, and no other, should score (Eq. 6 on the encoder's head)."""
    logits_BTC = outputs.frame_logits_BTC
    assert logits_BTC is not None
    loss = focal_loss(logits_BTC, targets.labels_BTC).sum() / targets.total
    return Losses(
        loss, {"class": loss.detach()}, *_nearby(logits_BTC.detach().sigmoid().cpu().numpy(), targets.rows)
    )


@dataclass(frozen=True, slots=True)
class ConvolvedCriterion:
    """The labels' likelihood under the noise-convolved point process on the encoder's frame head.

    Where it is known where the events may be, that stands in the noise's place, label by label.
    """

    sigma: float
    outside_C: Tensor

    def __call__(self, outputs: Outputs, targets: Targets, reach: float) -> Losses:
        logits_BTC = outputs.frame_logits_BTC
        assert logits_BTC is not None
        density_K = noise_density(self.sigma).to(logits_BTC)
        events_BTC, outside_C = functional.softplus(logits_BTC), self.outside_C.to(logits_BTC)
        expected_BTC = displaced(events_BTC, density_K, outside_C)
        if targets.located is None:
            loss = convolved_loss(expected_BTC, targets.labels_BTC)
        else:
            loss = located_loss(events_BTC, expected_BTC, targets.located, outside_C)
        scores_BTC = logits_BTC.detach().sigmoid().cpu().numpy()
        return Losses(loss, {"likelihood": loss.detach()}, *_nearby(scores_BTC, targets.rows))


@dataclass(frozen=True, slots=True)
class ConvolvedQueryCriterion:
    """The same with the decoder's queries as the events, each at its own real-valued time; at every layer.

    Where it is known where an event may be, the queries count by how near they are to each of these frames.
    """

    sigma: float
    outside_C: Tensor

    def __call__(self, outputs: Outputs, targets: Targets, reach: float) -> Losses:
        logits_LBQC, times_LBQ = outputs.query_logits_LBQC, outputs.times_LBQ
        assert logits_LBQC is not None
        assert times_LBQ is not None
        window = targets.labels_BTC.shape[1]
        frames_LBQ, outside_C = to_frames(times_LBQ, window), self.outside_C.to(logits_LBQC)
        loss = torch.zeros((), device=logits_LBQC.device)
        for logits_BQC, frames_BQ in zip(logits_LBQC, frames_LBQ, strict=True):
            events_BQC = functional.softplus(logits_BQC)
            expected_BTC = displaced_queries(events_BQC, frames_BQ, self.sigma, outside_C, window)
            if targets.located is None:
                loss = loss + convolved_loss(expected_BTC, targets.labels_BTC)
            else:
                events_BTC = displaced_queries(events_BQC, frames_BQ, 0.0, outside_C, window)
                loss = loss + located_loss(events_BTC, expected_BTC, targets.located, outside_C)
        last = torch.cat((logits_LBQC[-1].sigmoid(), frames_LBQ[-1, :, :, None]), dim=-1).detach()
        on_host = last.cpu().numpy()
        scores_BTC = np.stack([smooth_scores(said[:, :-1], said[:, -1], window) for said in on_host])
        return Losses(loss, {"likelihood": loss.detach()}, *_nearby(scores_BTC, targets.rows))


def _nearby(
    scores_BTC: NDArray[np.float32], rows: LabelRows
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    return centroids(scores_BTC, rows.window_K, rows.frame_K, rows.class_K)
