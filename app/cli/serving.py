"""Commands that start something (the app, the sample, a further worker) or say what is there."""

import signal
import threading
from pathlib import Path
from typing import Annotated, Any

import typer

Data = Annotated[Path | None, typer.Option(help="Data folder (else RESPOT_DATA, else the system's own).")]
Host = Annotated[
    str | None,
    typer.Option(help="Address to listen on (else RESPOT_HOST, else 127.0.0.1); any other asks for a login."),
]
Port = Annotated[int | None, typer.Option(help="Port (else RESPOT_PORT, else 7860).")]
Login = Annotated[bool | None, typer.Option("--login/--no-login", help="Ask people to log in.")]
Browser = Annotated[bool, typer.Option("--open/--no-open", help="Open the browser.")]
Window = Annotated[bool, typer.Option("--window", help="A window of its own instead of the browser.")]


def register(cli: typer.Typer) -> None:
    """Add this group's commands."""
    for command in (serve, demo, worker, status):
        cli.command()(command)


def serve(
    data: Data = None,
    host: Host = None,
    port: Port = None,
    login: Login = None,
    open_browser: Browser = True,
    window: Window = False,
) -> None:
    """Start the app on this machine (what `respot` alone does), or find the one that runs."""
    from app import settings

    _start(settings.load(data=data, host=host, port=port, login=login), open_browser, window)


def demo(data: Data = None, port: Port = None, open_browser: Browser = True, window: Window = False) -> None:
    """Start the app with the sample: rendered, imported and put into training the first time."""
    from app import settings
    from app.actions.datasets import ensure_sample
    from app.workspace import opened

    chosen = settings.load(data=data, port=port)
    with opened(chosen) as work:
        ensure_sample(work)
    _start(chosen, open_browser, window)


def _start(settings: Any, open_browser: bool, in_window: bool) -> None:
    from app import log, window
    from app.running import address, is_running, open_when_up

    if in_window:
        window.require()
    url = address(settings)
    if is_running(settings):
        print(f"Respot is running already: {url}")
        if in_window:
            window.show(settings)
        elif open_browser:
            open_when_up(settings)
        return
    print(f"Respot is starting on {url} (data: {settings.data}); Ctrl-C ends it", flush=True)
    log.start(settings.data)
    if open_browser and not in_window:
        open_when_up(settings)
    from app.main import run

    run(settings, window.show if in_window else None)


def worker(data: Data = None) -> None:
    """Work on queued jobs until interrupted; start it on every machine that is to help."""
    from app import log, settings
    from app.tasks import TASKS
    from app.worker import work

    chosen = settings.load(data=data)
    log.start(chosen.data)
    leaving = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: leaving.set())
    work(chosen, TASKS, leaving)


def status(data: Data = None) -> None:
    """Say where the data is, which datasets there are, and what the workers do."""
    from app import settings
    from app.actions.datasets import list_datasets
    from app.actions.jobs import list_jobs
    from app.workspace import opened

    chosen = settings.load(data=data)
    with opened(chosen) as work:
        print(f"data in {chosen.data}")
        for dataset in list_datasets(work):
            progress = dataset["progress"]
            print(
                f"dataset {dataset['id']}  {dataset['name']}: {dataset['clips']} clips, "
                f"{progress['decided']} of {progress['total']} labels decided"
            )
        for job in list_jobs(work, limit=10):
            print(f"job {job['id']}  {job['kind']} {job['state']}  {job['error'] or job['note']}")
