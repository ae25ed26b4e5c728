"""Routes of background work."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.actions import jobs
from app.wire import Int64, Json
from app.workspace import Workspace

Lines = Annotated[int, Query(ge=1, le=2000)]


def add_routes(routes: APIRouter, work: Workspace) -> None:
    """Add these routes, under the router's prefix."""

    @routes.get("/log")
    def log(lines: Lines = 200) -> Json:
        return {"lines": jobs.log_tail(work, lines)}

    @routes.get("/runs/{run_id}/log")
    def run_log(run_id: Int64, lines: Lines = 200) -> Json:
        return {"lines": jobs.run_log(work, run_id, lines)}

    @routes.get("/jobs")
    def list_jobs() -> list[Json]:
        return jobs.list_jobs(work)

    @routes.get("/jobs/{job_id}")
    def get_job(job_id: Int64) -> Json:
        return jobs.get_job(work, job_id)

    @routes.post("/jobs/{job_id}/stop")
    def stop_job(job_id: Int64) -> Json:
        return jobs.stop_job(work, job_id)

    @routes.post("/jobs/{job_id}/resume")
    def resume_job(job_id: Int64) -> Json:
        return jobs.resume_job(work, job_id)
