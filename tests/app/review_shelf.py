"""The labels and decisions that the review's test server holds, and pictures that carry their number."""

import functools
import threading
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import cv2
import numpy as np

CLASSES = ["near_court_serve", "far_court_bounce", "near_court_swing"]
AROUND = 12
CELL = (398, 224)


@dataclass
class Shelf:
    """The labels and decisions of one dataset, and how the server misbehaves.

    `sitting` is this test's: what a page of an earlier one still sends is refused.
    """

    labels: int = 40
    frames: int = 400
    suggestions: bool = True
    refusing: int = 0
    delay_s: float = 0.0
    decisions: list[dict[str, Any]] = field(default_factory=list)
    undone: list[dict[str, Any]] = field(default_factory=list)
    clip_name: str = "usopen_2019_final"
    run_state: str | None = "running"
    epochs: int = 12
    answered: dict[str, dict[str, Any]] = field(default_factory=dict)
    definitions: dict[str, dict[str, Any]] = field(default_factory=dict)
    audited: set[int] = field(default_factory=set)
    proposed: set[int] = field(default_factory=set)
    doubts: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    broken_clip: int | None = None
    leases: list[dict[str, Any]] = field(default_factory=list)
    epoch_choices: list[int | None] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    biases: list[dict[str, Any]] = field(default_factory=list)
    batches: list[dict[str, Any]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    sitting: str = field(default_factory=lambda: uuid4().hex)

    def reset(self) -> None:
        """As new, for the next test."""
        vars(self).update(vars(Shelf()))

    def standing(self) -> dict[int, dict[str, Any]]:
        """The decision that holds per label."""
        return {decision["label_id"]: decision for decision in self.decisions}

    def waiting(self) -> list[int]:
        """Undecided labels, skipped ones last."""
        verdicts = {label_id: decision["verdict"] for label_id, decision in self.standing().items()}
        fresh = [n for n in range(1, self.labels + 1) if n not in verdicts]
        return fresh + [n for n, verdict in verdicts.items() if verdict == "skip"]

    def flagged(self, reason: str | None) -> list[int]:
        """Labels whose flag holds, for this reason or any."""
        flags = {n: one for n, one in self.standing().items() if one["verdict"] == "flag"}
        return [n for n, one in flags.items() if reason in (None, one["reason"])]

    def told(self, decision: dict[str, Any]) -> dict[str, Any]:
        """A decision as the history tells it."""
        return decision | {"id": self.decisions.index(decision) + 1, "undoes": None}

    def is_news_to(self, body: dict[str, Any]) -> bool:
        """Whether somebody else decided the label since this person saw it."""
        held = self.standing().get(body["label_id"])
        return (
            held is not None
            and held["annotator"] != body["annotator"]
            and self.told(held)["id"] != body["seen"]
        )

    def logged(self, decision: dict[str, Any]) -> dict[str, Any]:
        """A decision as a person's own log tells it."""
        item = self.item(decision["label_id"])
        about = {"label": item["label"], "clip": item["clip"], "tagged": item["frame"]}
        return self.told(decision) | about | {"undone": False}

    def progress(self) -> dict[str, int]:
        """The counts of the contract."""
        verdicts = [decision["verdict"] for decision in self.standing().values()]
        settled = [verdict for verdict in verdicts if verdict not in ("skip", "flag")]
        return {"total": self.labels, "decided": len(settled), "skipped": verdicts.count("skip")}

    def tells(self, label_id: int) -> bool:
        """Whether the label's suggestion is told."""
        return self.suggestions and label_id not in self.audited | self.proposed

    def item(self, label_id: int) -> dict[str, Any]:
        """One label as the review asks for it. Every fifth lies near the end of its clip."""
        frame = 40 + 8 * label_id if label_id % 5 else self.frames - 3
        held = self.standing().get(label_id)
        first, last = max(0, frame - AROUND), min(self.frames - 1, frame + AROUND)
        name = f"{label_id}-{first}-{last - first + 1}"
        strip = {"url": f"/media/strips/{name}.jpg", "first": first, "count": last - first + 1}
        return {
            "label_id": label_id,
            "dataset_id": 1,
            "clip": f"{self.clip_name}_{label_id // 4:03d}",
            "clip_id": label_id // 4,
            "label": CLASSES[label_id % 3],
            "frame": frame,
            "num_frames": self.frames,
            "fps": 25.0 if label_id % 7 else None,
            "strip": strip | {"width": CELL[0], "height": CELL[1]},
            "suggestion": suggestion(label_id, frame, self.frames) if self.tells(label_id) else None,
            "audit": label_id in self.audited,
            "proposed": label_id in self.proposed,
            "doubts": self.doubts.get(label_id, []),
            "neighbours": [{"label": CLASSES[(label_id + 1) % 3], "frame": frame + 3 + label_id % 6}],
            "decision": held and self.told(held),
            "comment": "",
            "flagged": label_id in self.flagged(None),
            "flag_reason": held and held.get("reason"),
        }


def suggestion(label_id: int, frame: int, frames: int, reach: int = 10) -> dict[str, Any]:
    """A peak within two frames of the tag, for every 13th label nine frames later; surer for some."""
    offset = ((label_id * 37) % 41 - 20) / 10 if label_id % 13 else 9.0
    moved = min(frames - 1, frame + round(offset))
    width = 0.7 + (label_id % 4) * 0.35
    shifts = np.arange(-reach, reach + 1)
    scores = 0.9 * np.exp(-0.5 * ((shifts - offset) / width) ** 2) + 0.03
    posterior = np.exp(-0.5 * ((shifts - offset) / 0.6) ** 2)
    inside = (shifts + frame >= 0) & (shifts + frame < frames)
    return {
        "id": 1000 + label_id,
        "frame": moved,
        "offset": float(moved - frame),
        "confidence": [0.94, 0.81, 0.62, 0.4][label_id % 4],
        "posterior": (posterior / posterior.sum()).round(4).tolist(),
        "scores": [float(score) if ok else None for score, ok in zip(scores.round(4), inside, strict=True)],
        "first_shift": -reach,
        "matched_offset": offset + 0.2,
        "reasons": ["two models that never saw this clip agree", f"the score peaks once, at {offset:+.1f}"],
        "provisional": label_id % 6 == 0,
        "run_id": 3,
        "epoch": 12,
    }


def grey(frame: int) -> int:
    """The shade of the lower left corner, by which a test tells a frame from its neighbours."""
    return frame * 40 % 240


def picture(clip: int, frame: int) -> np.ndarray:
    """A court with a player and a ball, placed by the frame's number, which is written on it (BGR)."""
    width, height = CELL
    image = np.full((height, width, 3), (110 + clip % 5 * 8, 84, 42), np.uint8)
    court = np.array([[96, 70], [302, 70], [378, 216], [20, 216]], np.int32)
    cv2.fillPoly(image, [court], (150, 110, 40), cv2.LINE_AA)
    cv2.polylines(image, [court], True, (235, 235, 235), 1, cv2.LINE_AA)
    cv2.line(image, (66, 128), (332, 128), (235, 235, 235), 2, cv2.LINE_AA)
    phase = frame / 6.0
    x, y = 150 + 30 * np.sin(phase / 3), 130
    hand = (int(x + 8 + 22 * np.cos(phase)), int(y + 10 - 22 * np.sin(phase)))
    cv2.line(image, (int(x), int(y + 14)), hand, (60, 60, 210), 5, cv2.LINE_AA)
    cv2.ellipse(image, (int(x), int(y + 28)), (11, 26), 0, 0, 360, (70, 70, 225), -1, cv2.LINE_AA)
    cv2.circle(image, (int(x), int(y - 4)), 9, (160, 190, 230), -1, cv2.LINE_AA)
    ball = (int(60 + (frame * 9) % 290), int(170 - abs(50 * np.sin(frame / 4.0))))
    cv2.circle(image, ball, 5, (80, 250, 240), -1, cv2.LINE_AA)
    cv2.rectangle(image, (0, 176), (48, 224), (grey(frame),) * 3, -1)
    cv2.putText(image, str(frame), (8, 26), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (255, 255, 255), 2, cv2.LINE_AA)
    return image


@functools.cache
def sprite(name: str) -> bytes:
    """The strip `clip-first-count` as JPEG."""
    clip, first, count = map(int, name.split("-"))
    cells = [picture(clip, frame) for frame in range(first, first + count)]
    return cv2.imencode(".jpg", np.hstack(cells), [cv2.IMWRITE_JPEG_QUALITY, 82])[1].tobytes()
