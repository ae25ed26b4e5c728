"""The figures of the insight page: what each is called, what it plots, and the filters that change it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.actions.insight import accuracy, epochs, groups, people, trust
from app.actions.insight.asked import Asked, Drawn


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure; `definition` says what is plotted, `uses` names the fields of `Asked` that it heeds."""

    section: str
    title: str
    definition: str
    uses: tuple[str, ...]
    draw: Callable[[Any, int, Asked], Drawn]


PARTS = ("label_class", "annotator", "video", "sample")
OFFSETS, TRAINING, TRUST, PEOPLE = "Offsets", "During training", "Can it be trusted?", "People"

FIGURES: dict[str, Figure] = {
    "offsets": Figure(
        OFFSETS,
        "Offsets",
        "Share of a group's labels at each whole-frame move, + is later; moves beyond 15 frames stand"
        " at ±15. The line is the mean.",
        ("stage", "by", *PARTS, "run", "columns"),
        groups.histogram,
    ),
    "spread": Figure(
        OFFSETS,
        "Bias against spread",
        "Mean move (a shared lag) against half the width of the middle 68 % of moves (scatter). Bars:"
        " 95 %, clips resampled 500 times. Filled: the bias is not chance (Benjamini–Hochberg, 5 %). "
        "Pale: fewer than 30 labels.",
        ("stage", "by", *PARTS, "run"),
        groups.bias_spread,
    ),
    "change": Figure(
        OFFSETS,
        "Distance to the truth",
        "Mean |frame − true frame| of the labels as given, as suggested and as they stand; the "
        "numbers add the shares that a suggestion brings nearer and farther.",
        (*PARTS, "run"),
        accuracy.change,
    ),
    "matched": Figure(
        TRAINING,
        "Matches by epoch (the paper's Fig. 5)",
        "Mean |matched − reference| over the labels trained on, by epoch. Dotted: mean |tagged − "
        "reference| on the same labels, which a matching that moves nothing would keep. Training "
        "trace: these models saw the labels.",
        (*PARTS, "run"),
        epochs.matched,
    ),
    "traces": Figure(
        TRAINING,
        "Offsets of single labels by epoch",
        "Matched − tagged frame of single labels, over the middle half and the middle 80 % of all. "
        "Diamonds: the true offset, where known.",
        ("pick", *PARTS, "run"),
        epochs.single_traces,
    ),
    "runs": Figure(
        TRAINING,
        "Run against run (Fig. 6)",
        "mAP at tolerance δ of each run's suggestions, scored by confidence, from models that did not"
        " see the clip; reach is T / (λ · classes), frames.",
        ("reference", *PARTS),
        accuracy.by_run,
    ),
    "gaps": Figure(
        TRAINING,
        "Score gaps (Table 3)",
        "Mean of the highest minus the second highest class score within the tolerance of a label, "
        "over labels with no other label that near.",
        ("tolerance", *PARTS),
        trust.gaps,
    ),
    "before_after": Figure(
        TRUST,
        "mAP before and after",
        "mAP at tolerance δ of the labels themselves against the reference: as given, as suggested "
        "(scored by confidence) and as they stand, over labels with a suggestion and a known right "
        "frame.",
        ("reference", *PARTS, "run"),
        accuracy.before_after,
    ),
    "calibration": Figure(
        TRUST,
        "Calibration",
        "Share of suggestions within the tolerance of the reference, by the confidence claimed; ten "
        "equally full bins, 95 % intervals (Wilson). Confidence claims a tolerance of one frame.",
        ("reference", "tolerance", *PARTS, "run"),
        trust.calibration,
    ),
    "risk": Figure(
        TRUST,
        "Risk and coverage",
        "Share wrong among the suggestions accepted when the surest are accepted first. Dotted: a "
        "confidence that put every right one first.",
        ("reference", "tolerance", *PARTS, "run"),
        trust.risk,
    ),
    "agreement": Figure(
        PEOPLE,
        "Agreement in time",
        "Share of labels that two people set at most δ frames apart, with 95 % intervals (Wilson); "
        "the given labels count as one person. The numbers hold the limits of agreement (mean ± 1.96 "
        "sd).",
        ("label_class", "video", "sample"),
        people.agreement,
    ),
    "tolerance": Figure(
        PEOPLE,
        "Tolerance by class",
        "The fewest frames within which 90 % and 95 % of two people's frames for the same label lie.",
        ("label_class", "video", "sample"),
        people.tolerances,
    ),
}
