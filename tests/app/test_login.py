"""Where others can connect, every request has an account, and the account's role says what it may do."""

import re
import socket
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from app import api, login
from app.actions import accounts
from app.cli import cli
from app.main import create_app
from app.workspace import Workspace
from spotting.errors import BadConfig
from storage import reviews
from tests.app.conftest import until
from tests.app.tiny import TinyFiles, event_answer, import_tiny, settings_in, workspace_in

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def shared(tiny: TinyFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The dataset `tiny`, and an account of every role named after it."""
    with workspace_in(tmp_path_factory.mktemp("login")) as work:
        import_tiny(work, tiny)
        for role in ("viewer", "annotator", "lead"):
            accounts.add(work, role, role, PASSWORD)
        yield work


@pytest.fixture(scope="module")
def outside(shared: Workspace) -> Iterator[TestClient]:
    """Somebody who reaches a server that listens on every address, and has not logged in."""
    work = Workspace(settings_in(shared.settings.data, host="0.0.0.0"), shared.database)
    with TestClient(create_app(work), base_url="http://respot.example", follow_redirects=False) as client:
        yield client


@pytest.fixture(autouse=True)
def fresh(outside: TestClient) -> None:
    outside.cookies.clear()


def log_in(client: TestClient, name: str, password: str = PASSWORD) -> Any:
    return client.post("/api/v1/login", json={"name": name, "password": password})


def keep(label_id: int, annotator: str = "somebody else") -> dict[str, Any]:
    return {"key": str(uuid4()), "label_id": label_id, "verdict": "keep", "annotator": annotator}


@pytest.mark.parametrize(
    "address", ["/api/v1/datasets", "/api/v1/me", "/gradio_api/info", "/config", "/openapi.json", "/media/x"]
)
def test_nothing_is_told_to_strangers(outside: TestClient, address: str) -> None:
    assert outside.get(address).status_code == 401
    assert outside.get(address, headers={"authorization": "Bearer guessed"}).status_code == 401


def test_a_stranger_hears_only_that_this_is_respot(outside: TestClient) -> None:
    assert outside.get("/api/v1/health").json() == {"app": "respot"}


def test_a_page_leads_to_the_login_and_back(outside: TestClient) -> None:
    answer = outside.get("/review?label=7", headers={"accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Freview%3Flabel%3D7"
    assert outside.get("/login").status_code == 200


def test_a_session_begins_with_the_password_and_ends_with_the_logout(outside: TestClient) -> None:
    answer = log_in(outside, "annotator")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert outside.get("/api/v1/me").json() == {"name": "annotator", "role": "annotator", "login": True}
    secret = outside.cookies["respot"]
    assert outside.get("/logout").headers["location"] == "/login"
    assert outside.get("/api/v1/me", headers={"authorization": f"Bearer {secret}"}).status_code == 401


def test_over_https_the_cookie_stays_there(outside: TestClient) -> None:
    body = {"name": "lead", "password": PASSWORD}
    answer = outside.post("https://respot.example/api/v1/login", json=body)
    assert "secure" in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize(("name", "password"), [("lead", "wrong, and long enough"), ("nobody", PASSWORD)])
def test_a_wrong_password_and_an_unknown_name_sound_alike(
    outside: TestClient, name: str, password: str
) -> None:
    answer = log_in(outside, name, password)
    assert answer.status_code == 401
    assert answer.json()["detail"] == "no account has this name and password"


def test_guessing_is_slowed_down(outside: TestClient) -> None:
    for _ in range(login.TRIES):
        assert log_in(outside, "guessed", "password123").status_code == 401
    answer = log_in(outside, "guessed", "password124")
    assert answer.status_code == 429
    assert "wait" in answer.json()["detail"]
    assert log_in(outside, "lead").status_code == 200


@pytest.mark.parametrize(
    ("route", "body", "allowed"),
    [
        ("/decisions", keep(1), ["annotator", "lead"]),
        ("/datasets/1/undo", {"key": str(uuid4()), "annotator": "x"}, ["annotator", "lead"]),
        ("/runs", {"dataset_id": 1, "folds": 1}, ["lead"]),
        ("/sample", {}, ["lead"]),
        ("/jobs/99/stop", {}, ["lead"]),
    ],
)
def test_a_role_may_change_what_it_is_for(
    outside: TestClient, route: str, body: dict[str, Any], allowed: list[str]
) -> None:
    found = []
    for role in ("viewer", "annotator", "lead"):
        outside.cookies.clear()
        log_in(outside, role)
        answer = outside.post(f"/api/v1{route}", json=body)
        if answer.status_code == 403:
            assert f"{role} is {role}: this needs the role" in answer.json()["detail"]
        else:
            found.append(role)
    assert found == allowed


def test_a_viewer_reads_everything(outside: TestClient) -> None:
    log_in(outside, "viewer")
    for route in ("/datasets", "/datasets/1/queue", "/labels/1", "/jobs"):
        assert outside.get(f"/api/v1{route}").status_code == 200


def test_a_viewer_uploads_nothing(outside: TestClient) -> None:
    log_in(outside, "viewer")
    assert outside.post("/gradio_api/upload", files={"files": b"x"}).status_code == 403


def test_no_button_of_a_page_works_for_an_annotator(outside: TestClient) -> None:
    log_in(outside, "annotator")
    config = outside.get("/config").json()
    values = {component["id"]: component["props"].get("value") for component in config["components"]}
    buttons = [event for event in config["dependencies"] if event["queue"]]
    assert buttons
    for event in buttons:
        answer = event_answer(outside, event["id"], [values[of] for of in event["inputs"]])
        assert "annotator is annotator: this needs the role lead" in answer


def test_a_decision_is_its_accounts_whatever_it_says(outside: TestClient) -> None:
    log_in(outside, "annotator")
    assert outside.post("/api/v1/decisions", json=keep(2, annotator="lead")).status_code == 200
    assert outside.get("/api/v1/labels/2").json()["decision"]["annotator"] == "annotator"
    assert [row["annotator"] for row in outside.get("/api/v1/labels/2/history").json()] == ["annotator"]


def test_a_token_stands_for_its_account_until_it_is_revoked(outside: TestClient, shared: Workspace) -> None:
    told = accounts.issue_token(shared, "annotator", "nightly", days=None)
    headers = {"authorization": f"Bearer {told['secret']}"}
    assert outside.get("/api/v1/me", headers=headers).json()["name"] == "annotator"
    accounts.revoke_token(shared, "annotator", told["id"])
    assert outside.get("/api/v1/me", headers=headers).status_code == 401


def test_pictures_come_for_a_moment_without_asking_the_database_again(
    outside: TestClient, shared: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login, "MOMENT_S", 3600.0)
    told = accounts.issue_token(shared, "annotator", "nightly", days=None)
    headers = {"authorization": f"Bearer {told['secret']}"}
    assert outside.get("/api/v1/me", headers=headers).status_code == 200
    accounts.revoke_token(shared, "annotator", told["id"])
    assert outside.get("/media/strips/nothing", headers=headers).status_code == 404
    assert outside.get("/api/v1/me", headers=headers).status_code == 401
    assert outside.get("/media/strips/nothing", headers=headers).status_code == 401


def test_no_secret_is_stored(outside: TestClient, shared: Workspace) -> None:
    log_in(outside, "lead")
    stored = b"".join(path.read_bytes() for path in shared.settings.data.glob("respot.sqlite*"))
    assert outside.cookies["respot"].encode() not in stored
    assert PASSWORD.encode() not in stored
    assert b"$argon2id$" in stored


def test_without_a_lead_the_server_does_not_start(tmp_path: Path) -> None:
    with workspace_in(tmp_path) as work:
        asked = Workspace(settings_in(tmp_path, host="0.0.0.0"), work.database)
        with pytest.raises(BadConfig, match="respot account add NAME --role lead"):
            accounts.check_ready(asked)
        accounts.check_ready(work)


def test_the_command_line_keeps_accounts(tmp_path: Path) -> None:
    def respot(*words: str, stdin: str = "") -> str:
        result = CliRunner().invoke(cli, ["account", *words, "--data", str(tmp_path)], input=stdin)
        assert result.exit_code == 0, result.output
        return result.output

    assert "no accounts" in respot("list")
    respot("add", "anna", "--role", "lead", "--password-stdin", stdin=f"{PASSWORD}\n")
    respot("add", "ben", stdin=f"{PASSWORD}\n{PASSWORD}\n")
    respot("change", "ben", "--role", "viewer", "--disable")
    assert [line.split() for line in respot("list").splitlines()] == [
        ["anna", "lead"],
        ["ben", "viewer", "disabled"],
    ]
    secret = respot("token", "anna", "--title", "nightly", "--days", "3").strip()
    with workspace_in(tmp_path) as work:
        account = accounts.whose(work, secret)
        assert account is not None
        assert account.name == "anna"
    assert "nightly" in respot("tokens", "anna")
    respot("revoke", "anna", respot("tokens", "anna").split()[0])
    assert respot("tokens", "anna") == ""


def test_a_short_password_is_refused(tmp_path: Path) -> None:
    with workspace_in(tmp_path) as work, pytest.raises(BadConfig, match="at least 10 characters"):
        accounts.add(work, "anna", "lead", "short")


def test_a_lease_is_its_accounts(outside: TestClient) -> None:
    log_in(outside, "lead")
    body = {"label_ids": [1, 2], "annotator": "anybody"}
    assert outside.post("/api/v1/leases", json=body).json() == {"held": [], "wanted": []}
    outside.cookies.clear()
    log_in(outside, "annotator")
    held = outside.post("/api/v1/leases", json=body).json()["held"]
    assert [(lease["label_id"], lease["annotator"]) for lease in held] == [(1, "lead"), (2, "lead")]
    assert outside.delete("/api/v1/leases").status_code == 200
    outside.cookies.clear()
    log_in(outside, "lead")
    assert outside.delete("/api/v1/leases").status_code == 200
    assert outside.post("/api/v1/leases", json=body).json() == {"held": [], "wanted": []}


@pytest.fixture
def port(outside: TestClient, shared: Workspace) -> Iterator[int]:
    """The interface of a server that asks for tokens, behind a real port."""
    app = FastAPI()
    app.include_router(api.router(shared))
    app.add_middleware(login.LoginRequired, work=shared)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    yield port
    server.should_exit = True
    thread.join()


def test_the_readmes_script_decides_about_a_label(
    shared: Workspace, port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"```python\n(import httpx.*?)```", readme, flags=re.DOTALL)
    secret = accounts.issue_token(shared, "annotator", "script", days=1)["secret"]
    exec(script.replace("127.0.0.1:7860", f"127.0.0.1:{port}").replace("TOKEN", secret), {})
    assert datetime.fromisoformat(capsys.readouterr().out.strip()).tzinfo is not None
    with shared.database.reading() as session:
        (made,) = reviews.queue(session, 1, name="mine", annotator="annotator", limit=1)
    assert made.decision is not None
    assert made.decision.key == "a text never used before"
