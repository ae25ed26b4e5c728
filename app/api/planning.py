"""Routes about runs before and after: how long one will take, how they compare, what comes next."""

from fastapi import APIRouter

from app.actions import comparing, fitting, forecast, rounds, training
from app.api.training import RunBody
from app.wire import Int64, Json
from app.workspace import Workspace


def add_routes(routes: APIRouter, work: Workspace) -> None:
    """Add these routes, under the router's prefix."""

    @routes.get("/datasets/{dataset_id}/runs/compared")
    def compare_runs(dataset_id: Int64) -> list[Json]:
        return comparing.compare(work, dataset_id)

    @routes.post("/datasets/{dataset_id}/rounds")
    def start_round(dataset_id: Int64) -> Json:
        return {"run_id": rounds.start_round(work, dataset_id)}

    @routes.get("/runs/{run_id}/smaller")
    def smaller(run_id: Int64) -> Json:
        return {"words": fitting.smaller_words(work, run_id)}

    @routes.post("/runs/{run_id}/smaller")
    def start_smaller(run_id: Int64) -> Json:
        return {"run_id": fitting.start_smaller(work, run_id)}

    @routes.post("/runs/forecast")
    def forecast_run(body: RunBody) -> Json:
        return forecast.forecast(work, training.RunRequest(**body.model_dump()))
