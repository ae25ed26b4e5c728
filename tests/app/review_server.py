"""A small server that speaks the REST contract of the review, over pictures that carry their number."""

import functools
import json
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import FileResponse, HTMLResponse
from starlette.staticfiles import StaticFiles

ASSETS = Path(__file__).parents[2] / "assets"
CLASSES = ["near_court_serve", "far_court_bounce", "near_court_swing"]
AROUND = 12
CELL = (398, 224)

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Review</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<script type="module" src="/static/review.js"></script>
<script type="module" src="/static/training.js"></script>
<style>body{margin:0;padding:16px;background:#fff}
.dark{background:#0f1115;--body-background-fill:#0f1115}</style></head>
<body class="THEME"><main>BODY</main></body></html>"""


@dataclass
class Shelf:
    """The labels and decisions of one dataset, and how the server misbehaves."""

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
    lock: threading.Lock = field(default_factory=threading.Lock)

    def standing(self) -> dict[int, dict[str, Any]]:
        """The decision that holds per label."""
        return {decision["label_id"]: decision for decision in self.decisions}

    def waiting(self) -> list[int]:
        """Undecided labels, skipped ones last."""
        verdicts = {label_id: decision["verdict"] for label_id, decision in self.standing().items()}
        fresh = [n for n in range(1, self.labels + 1) if n not in verdicts]
        return fresh + [n for n, verdict in verdicts.items() if verdict == "skip"]

    def progress(self) -> dict[str, int]:
        """The counts of the contract."""
        verdicts = [decision["verdict"] for decision in self.standing().values()]
        settled = [verdict for verdict in verdicts if verdict not in ("skip", "flag")]
        return {"total": self.labels, "decided": len(settled), "skipped": verdicts.count("skip")}

    def item(self, label_id: int) -> dict[str, Any]:
        """One label as the review asks for it. Every fifth lies near the end of its clip."""
        frame = 40 + 8 * label_id if label_id % 5 else self.frames - 3
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
            "suggestion": suggestion(label_id, frame, self.frames) if self.suggestions else None,
            "neighbours": [{"label": CLASSES[(label_id + 1) % 3], "frame": frame + 3 + label_id % 6}],
            "decision": self.standing().get(label_id),
            "comment": "",
        }


def suggestion(label_id: int, frame: int, frames: int, reach: int = 10) -> dict[str, Any]:
    """A peak somewhere within two frames of the tag, surer for some labels than for others."""
    offset = ((label_id * 37) % 41 - 20) / 10
    moved = min(frames - 1, frame + round(offset))
    width = 0.7 + (label_id % 4) * 0.35
    shifts = np.arange(-reach, reach + 1)
    scores = 0.9 * np.exp(-0.5 * ((shifts - offset) / width) ** 2) + 0.03
    posterior = np.exp(-0.5 * ((shifts - offset * 0.9) / (0.5 + width / 2)) ** 2)
    inside = (shifts + frame >= 0) & (shifts + frame < frames)
    return {
        "id": 1000 + label_id,
        "frame": moved,
        "offset": offset,
        "confidence": [0.94, 0.81, 0.62, 0.4][label_id % 4],
        "posterior": (posterior / posterior.sum()).round(4).tolist(),
        "scores": [float(score) if ok else None for score, ok in zip(scores.round(4), inside, strict=True)],
        "first_shift": -reach,
        "matched_offset": offset + 0.2,
        "reasons": ["two models that never saw this clip agree", f"the score peaks once, at {offset:+.1f}"],
        "provisional": label_id % 6 == 0,
        "run_id": 3,
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


def serve(shelf: Shelf) -> FastAPI:
    """The contract's routes for `shelf`, and one bare page with the elements."""
    app = FastAPI(openapi_url=None)
    app.mount("/static", StaticFiles(directory=ASSETS))

    @app.get("/")
    def page(body: str = '<respot-review dataset="1"></respot-review>', theme: str = "") -> HTMLResponse:
        return HTMLResponse(PAGE.replace("THEME", theme).replace("BODY", body))

    @app.get("/axe.min.js")
    def axe() -> FileResponse:
        return FileResponse(Path(__file__).with_name("axe.min.js"))

    @app.get("/media/strips/{name}.jpg")
    def strip(name: str) -> Response:
        return Response(
            sprite(name), media_type="image/jpeg", headers={"cache-control": "max-age=31536000, immutable"}
        )

    _reads(app, shelf)
    _writes(app, shelf)
    _runs(app, shelf)
    return app


def _reads(app: FastAPI, shelf: Shelf) -> None:
    @app.get("/api/v1/datasets")
    def datasets() -> list[dict[str, Any]]:
        return [dataset(1)] if shelf.labels else []

    @app.get("/api/v1/datasets/{dataset_id}")
    def dataset(dataset_id: int) -> dict[str, Any]:
        run = {"id": 3, "state": shelf.run_state} if shelf.run_state else None
        told = {"id": dataset_id, "name": "Tennis sample", "classes": CLASSES, "latest_run": run}
        return told | {"created_at": "2025-01-01T00:00:00Z", "progress": shelf.progress()}

    @app.get("/api/v1/datasets/{dataset_id}/queue")
    def queue(request: Request, after: int = 0, limit: int = 10) -> dict[str, Any]:
        label = request.query_params.get("class")
        names = [n for n in shelf.waiting() if label in (None, CLASSES[n % 3])]
        page = names[after : after + limit]
        following = after + limit if after + limit < len(names) else None
        return {"items": [shelf.item(n) for n in page], "progress": shelf.progress(), "next": following}

    @app.get("/api/v1/labels/{label_id}")
    def label(label_id: int) -> dict[str, Any]:
        return shelf.item(label_id)


def _writes(app: FastAPI, shelf: Shelf) -> None:
    @app.middleware("http")
    async def misbehave(request: Request, call_next: Any) -> Response:
        if request.method == "POST" and shelf.refusing:
            return Response(json.dumps({"detail": "no"}), shelf.refusing, media_type="application/json")
        return await call_next(request)

    @app.post("/api/v1/decisions")
    def decide(body: dict[str, Any]) -> dict[str, Any]:
        with shelf.lock:
            if body["key"] not in shelf.answered:
                if not 0 <= (body["frame"] or 0) < shelf.frames:
                    raise HTTPException(422, f"frame {body['frame']} is outside the clip")
                body["decided_at"] = datetime.now(UTC).isoformat()
                shelf.decisions.append(body)
                shelf.undone.clear()
                shelf.answered[body["key"]] = {
                    "decision_id": len(shelf.decisions),
                    "saved_at": body["decided_at"],
                }
            return shelf.answered[body["key"]] | {"progress": shelf.progress()}

    @app.post("/api/v1/datasets/{dataset_id}/{way}")
    def travel(dataset_id: int, way: str, body: dict[str, Any]) -> dict[str, Any]:
        source, target = (shelf.decisions, shelf.undone) if way == "undo" else (shelf.undone, shelf.decisions)
        with shelf.lock:
            if body["key"] not in shelf.answered:
                moved = source.pop() if source else None
                target.extend([moved] if moved else [])
                shelf.answered[body["key"]] = {"label_id": moved and moved["label_id"]}
            label_id = shelf.answered[body["key"]]["label_id"]
            item = shelf.item(label_id) if label_id else None
            return {"label_id": label_id, "item": item, "progress": shelf.progress()}


def _runs(app: FastAPI, shelf: Shelf) -> None:
    @app.get("/api/v1/runs/{run_id}")
    def run(run_id: int) -> dict[str, Any]:
        members = [member(shelf, number) for number in range(2)]
        told = {
            "id": run_id,
            "dataset_id": 1,
            "state": shelf.run_state,
            "error": None,
            "config": {"epochs": 30},
        }
        return told | {"members": members, "expected": 1.58}

    @app.get("/api/v1/runs/{run_id}/epochs")
    def epochs(run_id: int, after: int = 0) -> dict[str, Any]:
        return {"epochs": [epoch(number) for number in range(after + 1, shelf.epochs + 1)]}

    @app.post("/api/v1/runs/{run_id}/{order}")
    def command(run_id: int, order: str) -> dict[str, Any]:
        shelf.run_state = "stopped" if order == "stop" else "running"
        return run(run_id)


def member(shelf: Shelf, number: int) -> dict[str, Any]:
    """A fold in the middle of its training, or waiting for it."""
    state = shelf.run_state if number == 0 or shelf.run_state != "running" else "queued"
    note = "epoch 7/30, step 12/40, 1,130 frames/s" if number == 0 else ""
    told = {
        "member": number,
        "state": state,
        "done": 252.0 if number == 0 else 0.0,
        "total": 1200.0,
        "note": note,
    }
    return told | {"seconds_left": 184.0, "device": "cpu, 2 threads" if number == 0 else None, "error": None}


def epoch(number: int) -> dict[str, Any]:
    """The folds take turns; loss falls, matches leave the tags and near the truth."""
    count = (number + 1) // 2
    loss = 1.9 * 0.86**count + 0.2 + 0.05 * (number % 2)
    near = {"matched_tagged": 1.3 - 1.1 * 0.8**count, "matched_true": 0.8 + 0.8 * 0.85**count}
    return {
        "id": number,
        "member": number % 2,
        "epoch": count,
        "loss": loss,
        "frames_per_second": 1130.4,
    } | near
