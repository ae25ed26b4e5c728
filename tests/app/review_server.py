"""A small server that speaks the REST contract of the review, over the labels of a `Shelf`."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import FileResponse, HTMLResponse
from starlette.staticfiles import StaticFiles

from tests.app.review_runs import add_runs
from tests.app.review_shelf import CLASSES, Shelf, sprite

ASSETS = Path(__file__).parents[2] / "assets"

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Review</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<script type="module" src="/static/review.js"></script>
<script type="module" src="/static/training.js"></script>
<style>body{margin:0;padding:16px;background:#fff}
.dark{background:#0f1115;--body-background-fill:#0f1115}</style></head>
<body class="THEME"><main>BODY</main></body></html>"""


def serve(shelf: Shelf) -> FastAPI:
    """The contract's routes for `shelf`, and one bare page with the elements."""
    app = FastAPI(openapi_url=None)
    app.mount("/static", StaticFiles(directory=ASSETS))

    @app.get("/")
    def page(body: str = '<respot-review dataset="1"></respot-review>', theme: str = "") -> HTMLResponse:
        answer = HTMLResponse(PAGE.replace("THEME", theme).replace("BODY", body))
        answer.set_cookie("sitting", shelf.sitting)
        return answer

    @app.get("/axe.min.js")
    def axe() -> FileResponse:
        return FileResponse(Path(__file__).with_name("axe.min.js"))

    @app.get("/media/strips/{name}.jpg")
    def strip(name: str) -> Response:
        if shelf.broken_clip is not None and int(name.split("-")[0]) // 4 == shelf.broken_clip:
            raise HTTPException(422, "rally.mp4: the working copy is gone; import it again")
        return Response(
            sprite(name), media_type="image/jpeg", headers={"cache-control": "max-age=31536000, immutable"}
        )

    _reads(app, shelf)
    _behind(app, shelf)
    _beside(app, shelf)
    _leases(app, shelf)
    _questions(app, shelf)
    _moved(app, shelf)
    _writes(app, shelf)
    _travel(app, shelf)
    add_runs(app, shelf)
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
        clip, named = request.query_params.get("clip"), request.query_params.get("queue")
        flagged = shelf.flagged(request.query_params.get("reason"))
        every = {"all": list(range(1, shelf.labels + 1)), "flagged": flagged}.get(
            named or "", shelf.waiting()
        )
        names = [n for n in every if label in (None, CLASSES[n % 3]) and clip in (None, str(n // 4))]
        page = names[after : after + limit]
        following = after + limit if after + limit < len(names) else None
        told = {"items": [shelf.item(n) for n in page], "progress": shelf.progress(), "next": following}
        return told | {"size": None if after else len(names)}

    @app.get("/api/v1/datasets/{dataset_id}/clips")
    def clips(search: str) -> dict[str, Any]:
        found = [n for n in range(shelf.labels // 4) if search in f"{shelf.clip_name}_{n:03d}"]
        told = [{"id": n, "name": f"{shelf.clip_name}_{n:03d}", "labels": [1, 2, 3, 4]} for n in found]
        return {"total": len(found), "clips": told[:8]}

    @app.get("/api/v1/labels/{label_id}")
    def label(label_id: int) -> dict[str, Any]:
        if not 1 <= label_id <= shelf.labels:
            raise HTTPException(404, f"there is no label {label_id}")
        return shelf.item(label_id)


def _behind(app: FastAPI, shelf: Shelf) -> None:
    @app.get("/api/v1/labels/{label_id}/background")
    def background(label_id: int) -> dict[str, Any]:
        trace = {"run_id": 3, "epochs": [1, 2, 3, 4], "offsets": [0.1, 0.9, 1.6, 1.7], "near": 3, "of": 4}
        norm = {"mean": 0.31, "sd": 0.92, "count": 128}
        record = {"right": 187, "of": 200, "low": 0.891, "high": 0.965, "alike": True}
        definition = shelf.definitions.get(CLASSES[label_id % 3])
        return {
            "trace": trace,
            "record": record,
            "class_norm": norm,
            "own_norm": None,
            "definition": definition,
            "biases": shelf.biases,
            "belongs": {"class": CLASSES[label_id % 3], "video": f"video {label_id % 2}", "annotator": "ben"},
        }

    @app.get("/api/v1/labels/{label_id}/history")
    def history(label_id: int) -> list[dict[str, Any]]:
        return [shelf.told(one) for one in shelf.decisions if one["label_id"] == label_id]

    @app.get("/api/v1/datasets/{dataset_id}/decisions")
    def decisions(annotator: str) -> dict[str, Any]:
        own = [one for one in shelf.decisions if one["annotator"] == annotator]
        return {"decisions": [shelf.logged(one) for one in reversed(own)], "next": None}

    @app.post("/api/v1/datasets/{dataset_id}/definitions")
    def define(body: dict[str, Any]) -> dict[str, Any]:
        examples = [
            example | {"clip": "a clip", "url": "/media/strips/1-48-1.jpg"} for example in body["examples"]
        ]
        written = {"annotator": body["annotator"], "changed_at": datetime.now(UTC).isoformat()}
        shelf.definitions[body["class"]] = {"text": body["text"], "examples": examples} | written
        return {"definition": shelf.definitions[body["class"]]}


def _beside(app: FastAPI, shelf: Shelf) -> None:
    @app.get("/api/v1/datasets/{dataset_id}/queues")
    def queues() -> list[dict[str, Any]]:
        return [{"name": name, "count": 3} for name in ("likely", "audit", "all", "odd")]

    @app.get("/api/v1/datasets/{dataset_id}/batches")
    def batches() -> list[dict[str, Any]]:
        return shelf.batches

    @app.post("/api/v1/batches/{batch_id}/undo")
    def undo_batch(batch_id: int) -> dict[str, Any]:
        shelf.batches[0]["undone"] = True
        return shelf.batches[0]

    @app.get("/api/v1/datasets/{dataset_id}/accept")
    def accept() -> dict[str, Any]:
        return {"audited": 20, "right": 19}


def _moved(app: FastAPI, shelf: Shelf) -> None:
    @app.post("/api/v1/datasets/{dataset_id}/relink")
    def relink(body: dict[str, Any]) -> dict[str, int]:
        if body["media"] != "/new/place":
            raise HTTPException(422, f"{body['media']}: no such folder of videos")
        shelf.broken_clip = None
        return {"job_id": 7}

    @app.get("/api/v1/jobs/7")
    def job() -> dict[str, Any]:
        return {"state": "done", "note": "", "error": None, "result": {"found": 1, "words": "1 found again"}}


def _questions(app: FastAPI, shelf: Shelf) -> None:
    @app.get("/api/v1/datasets/{dataset_id}/questions")
    def asked() -> list[dict[str, Any]]:
        return shelf.questions

    @app.post("/api/v1/datasets/{dataset_id}/questions")
    def answer(body: dict[str, Any]) -> list[dict[str, Any]]:
        (one,) = [asked for asked in shelf.questions if asked["name"] == body["name"]]
        held = {"answer": None, "by": None} if body["answer"] == "open" else {"by": body["annotator"]}
        one |= {"answer": body["answer"]} | held
        return shelf.questions


def _leases(app: FastAPI, shelf: Shelf) -> None:
    @app.post("/api/v1/leases")
    def leases(body: dict[str, Any]) -> dict[str, Any]:
        here = [lease for lease in shelf.leases if lease["label_id"] in body["label_ids"]]
        own = [lease for lease in here if lease["annotator"] == body["annotator"]]
        return {"held": [lease for lease in here if lease not in own], "wanted": own}

    @app.post("/api/v1/leases/{act}")
    def lease(act: str, body: dict[str, Any]) -> dict[str, Any]:
        (one,) = [lease for lease in shelf.leases if lease["label_id"] == body["label_id"]]
        if act == "ask":
            one["wanted_by"] = body["annotator"]
        elif body["give"]:
            one["annotator"] = one["wanted_by"]
        return {"held": one}


def _writes(app: FastAPI, shelf: Shelf) -> None:
    @app.middleware("http")
    async def misbehave(request: Request, call_next: Any) -> Response:
        late = request.cookies.get("sitting") != shelf.sitting
        refusing = shelf.refusing or (410 if late else 0)
        if request.method == "POST" and refusing:
            return Response(json.dumps({"detail": "no"}), refusing, media_type="application/json")
        return await call_next(request)

    @app.post("/api/v1/decisions")
    def decide(body: dict[str, Any]) -> dict[str, Any]:
        with shelf.lock:
            if body["key"] not in shelf.answered:
                if not 0 <= (body["frame"] or 0) < shelf.frames:
                    raise HTTPException(422, f"frame {body['frame']} is outside the clip")
                if shelf.is_news_to(body):
                    raise HTTPException(409, "somebody decided it meanwhile")
                body["decided_at"] = datetime.now(UTC).isoformat()
                shelf.decisions.append(body)
                shelf.undone.clear()
                shelf.answered[body["key"]] = {
                    "decision_id": len(shelf.decisions),
                    "saved_at": body["decided_at"],
                }
            return shelf.answered[body["key"]] | {"progress": shelf.progress()}


def _travel(app: FastAPI, shelf: Shelf) -> None:
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
