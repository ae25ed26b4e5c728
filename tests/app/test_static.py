"""Assets: kept for good under their version's name, asked about each time under the plain one."""

from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.pages import HEAD
from app.static import VERSION, Assets, address


def test_only_the_present_version_may_be_kept_for_good() -> None:
    app = FastAPI()
    app.mount("/static", Assets())
    client = TestClient(app)
    told = {
        name: client.get(name) for name in (address("review/keys.js"), "/static/v.0/dom.js", "/static/dom.js")
    }
    assert [answer.status_code for answer in told.values()] == [200, 200, 200]
    kept = ["immutable" in answer.headers["cache-control"] for answer in told.values()]
    assert kept == [True, False, False]
    assert client.get(f"/static/{VERSION}/none.js").status_code == 404
    assert client.get(f"/static/{VERSION}").status_code == 404


def test_the_head_asks_for_the_present_version_of_everything() -> None:
    assert HEAD.count("/static/") == HEAD.count(f"/static/{VERSION}/") > 30
