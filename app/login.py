"""Who is asking: finds the account behind every request, or sends the person to the login page."""

import time
from collections import defaultdict
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.actions import accounts
from app.actions.accounts import WrongPassword
from app.problems import problem
from app.rights import TooManyTries
from app.static import FOLDER
from app.wire import Body, Json
from app.workspace import Workspace
from storage.records import AccountRecord

COOKIE = "respot"
OPEN = ("/login", "/static/", "/api/v1/health", "/api/v1/login", "/favicon.ico")
"""Beginnings of the addresses that need no account."""
PICTURES = "/media/"
MOMENT_S = 2.0
REMEMBERED = 1000
TRIES = 5
WAIT_S = 60.0


class LoginRequired:
    """Lets a request pass when a session's cookie or a bearer token opens an account.

    The account is left in the request's state. Others get 401, a browser's page the login page.
    """

    def __init__(self, app: ASGIApp, *, work: Workspace) -> None:
        self.app = app
        self.work = work
        self._lately: dict[str, tuple[float, AccountRecord]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or scope["path"].startswith(OPEN):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        secret = secret_of(request)
        account = await self._account(scope["path"], secret) if secret else None
        if account is None:
            await _turned_away(request)(scope, receive, send)
            return
        request.state.account = account
        if scope["path"].startswith("/gradio_api/upload") and not account.may("lead"):
            await problem(403, "uploading needs the role lead")(scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _account(self, path: str, secret: str) -> AccountRecord | None:
        """The account that a secret opens; for pictures, which come by the dozen, who it was a moment ago."""
        asked_at, known = self._lately.get(secret, (0.0, None))
        if path.startswith(PICTURES) and known and time.monotonic() - asked_at < MOMENT_S:
            return known
        account = await to_thread.run_sync(accounts.whose, self.work, secret)
        self._lately = {} if len(self._lately) > REMEMBERED else self._lately
        self._lately.pop(secret, None)
        if account is not None:
            self._lately[secret] = (time.monotonic(), account)
        return account


def secret_of(request: Request) -> str | None:
    """The secret that a request carries: a bearer token, else the session's cookie."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token if kind.lower() == "bearer" and token else request.cookies.get(COOKIE)


class LoginBody(Body):
    """A name and a password."""

    name: str
    password: str


def add_routes(app: FastAPI, work: Workspace) -> None:
    """The login page, and the routes that begin and end a session."""
    routes = APIRouter()
    failures: dict[str, list[float]] = defaultdict(list)

    @routes.get("/login", include_in_schema=False)
    def page() -> FileResponse:
        return FileResponse(FOLDER / "login.html", headers={"cache-control": "no-cache"})

    @routes.post("/api/v1/login")
    def log_in(body: LoginBody, request: Request, response: Response) -> Json:
        _check_tries(failures, body.name)
        try:
            secret, expires_at = accounts.log_in(work, body.name, body.password)
        except WrongPassword:
            failures[body.name].append(time.monotonic())
            raise
        failures.pop(body.name, None)
        response.set_cookie(
            COOKIE,
            secret,
            expires=expires_at,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return {"name": body.name, "expires_at": expires_at.isoformat()}

    @routes.get("/logout", include_in_schema=False)
    def log_out(request: Request) -> RedirectResponse:
        accounts.log_out(work, secret_of(request) or "")
        answer = RedirectResponse("/login", status_code=303)
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return answer

    app.include_router(routes)


def _check_tries(failures: dict[str, list[float]], name: str) -> None:
    """Raises `TooManyTries` after five wrong passwords for one name within a minute."""
    now = time.monotonic()
    for known in [known for known, times in failures.items() if now - times[-1] > WAIT_S]:
        del failures[known]
    recent = failures.get(name)
    if recent and len(recent) >= TRIES:
        wait = WAIT_S - (now - recent[-1])
        raise TooManyTries(f"{TRIES} wrong passwords for {name}: wait {wait:.0f} seconds")


def _turned_away(request: Request) -> Response:
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/login?next={quote(asked, safe='')}", status_code=303)
    return problem(401, "log in first: /login, or send a token")
