"""Assembles the web application (REST, filmstrips, assets, Gradio's pages, the worker) and serves it."""

import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlencode

import gradio as gr
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse
from starlette.middleware.cors import CORSMiddleware

from app import api, login, media, pages, problems
from app.actions import review as reviewing
from app.actions.accounts import check_ready
from app.batching import BatchThread
from app.login import LoginRequired
from app.security import ContentPolicy, SameSiteOnly
from app.settings import Settings
from app.static import FOLDER, Assets
from app.supervisor import Supervisor
from app.workspace import Workspace, opened
from spotting.errors import NotFound

GRACE_S = 3  # an open page holds a stream: do not wait for it
QUEUE_PAUSE_S = 0.02  # Gradio's idle queue looks a thousand times a second, which trainings notice


def create_app(work: Workspace, *, supervisor: Supervisor | None = None) -> FastAPI:
    """The application. With a `supervisor`, background work is done from its start to its end."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        threading.Thread(target=media.forget_old, args=(work.settings.strips,), daemon=True).start()
        helpers = (supervisor, BatchThread(work.settings)) if supervisor else ()
        for helper in helpers:
            helper.start()
        yield
        for helper in helpers:
            helper.stop()

    app = FastAPI(title="Respot", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.include_router(api.router(work))
    app.include_router(media.router(work))
    app.mount("/static", Assets())
    app.get("/review", include_in_schema=False)(_review_of(work))
    problems.add_handlers(app)
    if work.settings.needs_login:
        login.add_routes(app, work)
    mount(app, pages.build(work), work)
    if work.settings.needs_login:
        app.add_middleware(LoginRequired, work=work)
    app.add_middleware(CORSMiddleware, allow_origins=[])  # also keeps Gradio from adding its own, open one
    app.add_middleware(SameSiteOnly, hosts=_hosts(work.settings))
    app.add_middleware(ContentPolicy)
    return app


def _hosts(settings: Settings) -> set[str] | None:
    if settings.serves_this_machine_only:
        return {"127.0.0.1", "localhost", "::1", settings.host}
    return None


def mount(app: FastAPI, blocks: gr.Blocks, work: Workspace) -> None:
    """Put Gradio's pages at `/`, behind all routes that `app` has by now."""
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        server_name=work.settings.host,
        server_port=work.settings.port,
        footer_links=[],
        run_history=False,
        theme=pages.theme(),
        head=pages.HEAD,
        favicon_path=str(FOLDER / "icon.png"),
        show_error=True,
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        max_file_size="1mb",
    )
    # Mounted, Gradio checks no path it is sent before this is set: any file would be handed out (tests/app).
    blocks.has_launched = True
    blocks._queue.sleep_when_free = QUEUE_PAUSE_S


def _review_of(work: Workspace) -> Callable[[Request], RedirectResponse]:
    """The address of one label, /review?label=7&queue=all, leads to the review page of its dataset."""

    def review(request: Request) -> RedirectResponse:
        asked = dict(request.query_params)
        label = asked.get("label", "")
        if "dataset" not in asked and label.isdecimal():
            with suppress(NotFound):
                asked["dataset"] = str(reviewing.get_item(work, int(label))["dataset_id"])
        return RedirectResponse(f"/?{urlencode({'open': 'review'} | asked)}")

    return review


def run(settings: Settings, window: Callable[[Settings], None] | None = None) -> None:
    """Serve the app, with a worker beside it, until interrupted, or until `window` returns."""
    with opened(settings) as work:
        check_ready(work)
        config = uvicorn.Config(
            create_app(work, supervisor=Supervisor(settings)),
            host=settings.host,
            port=settings.port,
            log_level="warning",
            timeout_graceful_shutdown=GRACE_S,
        )
        server = uvicorn.Server(config)
        if window is None:
            with suppress(KeyboardInterrupt):
                server.run()
            return
        serving = threading.Thread(target=server.run, name="server")
        serving.start()
        try:
            window(settings)
        finally:
            server.should_exit = True
            serving.join()
