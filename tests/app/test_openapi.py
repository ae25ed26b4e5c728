"""Whatever the OpenAPI document allows somebody to send, the server answers; it never breaks."""

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case

from app.main import create_app
from app.workspace import Workspace

HOST = {"host": "127.0.0.1"}


def operations(app: FastAPI) -> list[schemathesis.APIOperation]:
    schema = schemathesis.openapi.from_asgi("/openapi.json", app, headers=HOST)
    return [found.ok() for found in schema.get_all_operations()]


def check(app: FastAPI, examples: int) -> None:
    """Send `examples` requests to every operation, half of them about things that are there.

    Deleting stays with things that are not: the others would have nothing to ask about.
    """
    for operation in operations(app):

        @settings(
            max_examples=examples,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(), there=st.booleans())
        def answers(case: Case, there: bool) -> None:
            if there and case.method != "DELETE":
                known = {name: 1 for name in case.path_parameters or {} if name.endswith("_id")}
                case.path_parameters = {**(case.path_parameters or {}), **known}
            answer = case.call(headers=HOST)
            assert answer.status_code < 500, f"{case.method} {case.formatted_path}: {answer.text}"
            if answer.status_code >= 400:
                assert answer.headers["content-type"] == ["application/problem+json"]

        answers()


def test_no_request_breaks_the_server(filled: Workspace) -> None:
    check(create_app(filled), 4)


@pytest.mark.slow
def test_no_request_breaks_the_server_however_many(filled: Workspace) -> None:
    check(create_app(filled), 300)
