"""Errors in one shape: a page for people, ``{"error": {"code", "message"}}`` under /api."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

if TYPE_CHECKING:
    from fastapi import FastAPI


def error_response(
    request: Request, status: int, code: str, message: str, headers: dict[str, str] | None = None
) -> Response:
    """The answer to a request that failed. ``code`` is for programs, ``message`` for people."""
    if request.url.path.startswith("/api"):
        body = {"error": {"code": code, "message": message}}
        answer: Response = JSONResponse(body, status_code=status, headers=headers)
    else:
        from dateline.views.web.deps import render

        title = HTTPStatus(status).phrase
        context = {"title": title, "code": code, "message": message, "status": status}
        answer = render(request, "error.html", context, status=status)
        answer.headers.update(headers or {})
    if status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def add_error_pages(app: FastAPI) -> None:
    """Answer the errors of every view."""
    from fastapi.exceptions import RequestValidationError
    from starlette.exceptions import HTTPException

    from dateline.store.filters import QueryError
    from dateline.store.schema import StoreError
    from dateline.views.web.database import QueryTimeout

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        code = _CODES.get(error.status_code, "error")
        message = _MESSAGES.get(error.status_code, "") if _is_bare(error) else str(error.detail)
        headers = dict(error.headers or {})
        return error_response(request, error.status_code, code, message, headers)

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:])
        return error_response(request, 400, "invalid", f"{where}: {first['msg']}")

    @app.exception_handler(QueryError)
    def _query(request: Request, error: QueryError) -> Response:
        return error_response(request, 400, "query", str(error))

    @app.exception_handler(QueryTimeout)
    def _timeout(request: Request, error: QueryTimeout) -> Response:
        return error_response(request, 503, "timeout", str(error))

    @app.exception_handler(StoreError)
    def _store(request: Request, error: StoreError) -> Response:
        return error_response(request, 503, "store", str(error))

    @app.exception_handler(Exception)
    def _fault(request: Request, error: Exception) -> Response:
        from dateline.views.web.security import HEADERS

        # This handler stands outside the guard, which adds these headers to all other answers.
        return error_response(request, 500, "fault", _FAULT, dict(HEADERS))


def _is_bare(error: object) -> bool:
    """True when nobody gave a message, and the framework put the status's name there."""
    status, detail = getattr(error, "status_code", 0), getattr(error, "detail", None)
    return detail == HTTPStatus(status).phrase


_FAULT = "a fault in dateline; the terminal where `dateline serve` runs has the details"
_CODES = {400: "invalid", 403: "forbidden", 404: "not_found", 405: "method", 413: "upload"}
_MESSAGES = {
    404: "there is nothing at this address; a record of another corpus has another address",
    405: "this address does not take that kind of request",
}
