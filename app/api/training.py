"""Routes of runs and their epochs."""

from fastapi import APIRouter
from pydantic import Field

from app.actions import training
from app.wire import Body, Int64, Json
from app.workspace import Workspace


class RunBody(Body):
    dataset_id: Int64
    preset: str = "small"
    objective: str | None = None
    head: str | None = None
    epochs: int | None = None
    reach: float | None = None
    sigma: float | None = None
    batch: int | None = None
    seed: Int64 = Field(default=0, ge=0)
    effort: str = "quick"
    folds: int | None = None
    repeats: int | None = None
    grouping: str = "source"
    pattern: str = ""


def add_routes(routes: APIRouter, work: Workspace) -> None:
    """Add these routes, under the router's prefix."""

    @routes.post("/runs")
    def start_run(body: RunBody) -> Json:
        return {"run_id": training.start_run(work, training.RunRequest(**body.model_dump()))}

    @routes.get("/datasets/{dataset_id}/runs")
    def list_runs(dataset_id: Int64) -> list[Json]:
        return training.list_runs(work, dataset_id)

    @routes.get("/runs/{run_id}")
    def get_run(run_id: Int64) -> Json:
        return training.get_run(work, run_id)

    @routes.delete("/runs/{run_id}")
    def delete_run(run_id: Int64) -> Json:
        training.delete_run(work, run_id)
        return {"deleted": run_id}

    @routes.get("/runs/{run_id}/epochs")
    def epochs(run_id: Int64, after: Int64 = 0) -> Json:
        return {"epochs": training.epochs(work, run_id, after)}

    @routes.post("/runs/{run_id}/stop")
    def stop_run(run_id: Int64) -> Json:
        return training.stop_run(work, run_id)

    @routes.post("/runs/{run_id}/resume")
    def resume_run(run_id: Int64) -> Json:
        return training.resume_run(work, run_id)
