"""The server hands out no files, obeys no other site, and answers to no other name."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import gradio as gr
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.main import create_app, mount
from app.workspace import Workspace
from tests.app.tiny import ServedApp, client_of, event_answer

FORGED = {"key": "k", "label_id": 1, "verdict": "keep", "annotator": "mallory"}


@pytest.fixture(scope="module")
def client(imported: Workspace) -> Iterator[TestClient]:
    with client_of(create_app(imported)) as running:
        yield running


def file_payload(path: Path) -> dict[str, object]:
    return {"path": str(path), "meta": {"_type": "gradio.FileData"}}


def app_with_file_input(work: Workspace, launched: bool | None = None) -> FastAPI:
    """A page as somebody may add one day: it takes a file and gives it back."""
    with gr.Blocks(analytics_enabled=False) as blocks:
        given, returned = gr.File(), gr.File()
        given.change(lambda path: path, given, returned)
    app = FastAPI()
    mount(app, blocks, work)
    if launched is not None:
        blocks.has_launched = launched
    return app


def test_a_file_of_the_server_is_not_given_to_a_file_input(work: Workspace, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    with client_of(app_with_file_input(work)) as client:
        answer = event_answer(client, 0, [file_payload(secret)])
    assert '"success":false' in answer.replace(" ", "")
    assert "secret.txt" not in answer.replace(str(secret), "")


def test_without_the_guard_gradio_still_hands_files_out(work: Workspace, tmp_path: Path) -> None:
    """If this fails, Gradio closed the hole itself, and the guard in app.main may go."""
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    with client_of(app_with_file_input(work, launched=False)) as client:
        answer = event_answer(client, 0, [file_payload(secret)])
    assert '"success":true' in answer.replace(" ", "")


@pytest.mark.parametrize("path", ["/etc/passwd", "../pyproject.toml", "respot.sqlite"])
def test_no_route_reads_a_path(client: TestClient, imported: Workspace, path: str) -> None:
    data = imported.settings.data
    for asked in (path, str(data / "respot.sqlite")):
        for route in ("/gradio_api/file=", "/file=", "/static/", "/static/..%2f", "/media/strips/1/"):
            assert client.get(f"{route}{asked}").status_code in (403, 404, 422)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_page_of_another_site_changes_nothing(client: TestClient, headers: dict[str, str]) -> None:
    assert client.post("/api/v1/decisions", json=FORGED, headers=headers).status_code == 403
    assert client.post("/gradio_api/queue/join", json={}, headers=headers).status_code == 403
    assert client.get("/api/v1/labels/1").json()["decision"] is None


def test_our_own_page_may_write(client: TestClient) -> None:
    own = {"origin": "http://127.0.0.1", "sec-fetch-site": "same-origin"}
    refused = client.post("/api/v1/decisions", json=FORGED | {"label_id": 0}, headers=own)
    assert refused.status_code == 404
    assert refused.json()["detail"] == "there is no label 0"


def test_a_form_of_another_site_is_not_read_as_json(client: TestClient) -> None:
    answer = client.post(
        "/api/v1/decisions", content=json.dumps(FORGED), headers={"content-type": "text/plain"}
    )
    assert answer.status_code == 422


def test_no_origin_is_let_in_by_cors(client: TestClient) -> None:
    for route in ("/api/v1/datasets", "/gradio_api/info", "/config"):
        for origin in ("https://evil.example", "null"):
            answer = client.get(route, headers={"origin": origin})
            assert "access-control-allow-origin" not in answer.headers
    asked = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    assert client.options("/api/v1/decisions", headers=asked).status_code == 400


@pytest.mark.parametrize("host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example", "", "["])
def test_another_name_for_this_machine_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/api/v1/datasets", headers={"host": host}).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:7860", "localhost", "[::1]:7860"])
def test_our_own_names_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/api/v1/datasets", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("route", ["/", "/api/v1/datasets", "/static/review.js", "/api/v1/none"])
def test_every_answer_carries_the_content_policy(client: TestClient, route: str) -> None:
    answer = client.get(route)
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_nothing_is_loaded_from_elsewhere_by_the_page_itself(client: TestClient) -> None:
    page = client.get("/").text
    assert client.get("/docs").status_code == 404
    for host in ("googleapis", "jsdelivr", "unpkg", "huggingface.co"):
        assert f'src="https://{host}' not in page


def test_the_port_is_open_on_the_loopback_only(served_app: ServedApp) -> None:
    addresses = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None)} - {"127.0.0.1", "::1"}
    for address in addresses:
        family = socket.AF_INET6 if ":" in str(address) else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.settimeout(1)
            assert probe.connect_ex((address, served_app.port)) != 0
