"""Errors as the interface tells them: problem+json (RFC 9457), whose `detail` is a sentence for a person."""

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from app.actions.accounts import WrongPassword
from app.rights import NotAllowed, TooManyTries
from spotting.errors import BadConfig, BadLabels, Conflict, NotFound, UserError

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
STATUS: dict[type[UserError], int] = {
    WrongPassword: 401,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    TooManyTries: 429,
    BadLabels: 422,
    BadConfig: 422,
}


class Problem(BaseModel):
    """What every answer that is not a success carries."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[Any] | None = None


RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "What went wrong, in words",
        "content": {MEDIA_TYPE: {"schema": Problem.model_json_schema()}},
    }
}
"""For routes to declare in the OpenAPI document."""


def problem(status: int, detail: str, errors: list[Any] | None = None) -> JSONResponse:
    """An answer that says what went wrong; `errors` lists one entry per field at fault."""
    told = Problem(
        title=HTTPStatus(status).phrase, status=status, detail=detail, errors=errors and list(errors)
    )
    return JSONResponse(told.model_dump(exclude_none=True), status_code=status, media_type=MEDIA_TYPE)


def add_handlers(app: FastAPI) -> None:
    """Let every error of `app`'s routes be told as a problem."""
    app.add_exception_handler(UserError, _say)
    app.add_exception_handler(RequestValidationError, _say_fields)
    app.add_exception_handler(HTTPException, _say_status)
    app.add_exception_handler(Exception, _say_broken)


async def _say(_: Request, error: Exception) -> JSONResponse:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 422)
    return problem(status, str(error))


async def _say_fields(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    fields = [
        {"where": ".".join(str(part) for part in one["loc"]), "message": one["msg"]} for one in error.errors()
    ]
    return problem(422, "; ".join(f"{one['where']}: {one['message']}" for one in fields), fields)


async def _say_status(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return problem(error.status_code, str(error.detail))


async def _say_broken(request: Request, error: Exception) -> JSONResponse:
    log.error("%s %s broke", request.method, request.url.path, exc_info=error)
    return problem(500, f"something broke ({type(error).__name__}); the log has more: respot.log")
