"""What went wrong, as the API says it: problem details by RFC 9457, in the caller's language."""

from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback


class Problem(exceptions.APIException):
    """A problem with a status, and sentences that say what it is and what to do.

    `more` are further members of the answer, `headers` such as Retry-After.
    """

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail)
        self.status_code = status
        self.headers = headers or {}
        self.more = more


class ProblemRenderer(JSONRenderer):
    """JSON under the media type of problem details."""

    media_type = "application/problem+json"
    format = "problem"


_SENTENCES: Final = {
    HTTPStatus.BAD_REQUEST: _("Something in this request is malformed. Go back and try again."),
    HTTPStatus.FORBIDDEN: _("This page may not be opened this way."),
    HTTPStatus.NOT_FOUND: _("There is no page at this address. Port numbers run from 0 to 65535."),
    # In no language, as that may be what failed.
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong here, and it is not your fault. "
    "Please try again later.",
}


def problem(status: HTTPStatus, detail: str) -> dict[str, Any]:
    """The members that every problem has."""
    return {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
    }


def response(status: HTTPStatus) -> JsonResponse:
    """The answer where no view of the API was there to give it: 400, 403, 404 or 500."""
    return JsonResponse(
        problem(status, str(_SENTENCES[status])),
        status=status,
        content_type=ProblemRenderer.media_type,
        headers={"Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"},
    )


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an exception; None for one that is a fault of ours."""
    if isinstance(error, Http404):
        error = exceptions.NotFound(_SENTENCES[HTTPStatus.NOT_FOUND])
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    status = HTTPStatus(error.status_code)
    body = problem(status, _detail(error))
    if isinstance(error, exceptions.ValidationError):
        body["errors"] = _errors(error)
    headers = dict(getattr(error, "headers", {}))
    if isinstance(error, Problem):
        body |= error.more
    if isinstance(error, exceptions.MethodNotAllowed):
        headers["Allow"] = ", ".join(context["view"].allowed_methods)
    response = Response(body, status=status, headers={"Cache-Control": "no-store", **headers})
    renderer = ProblemRenderer()
    request = context["request"]
    request.accepted_renderer, request.accepted_media_type = renderer, renderer.media_type
    return response


def _detail(error: exceptions.APIException) -> str:
    if isinstance(error, exceptions.ValidationError):
        return " ".join(f"{each['pointer']}: {each['detail']}" for each in _errors(error))
    return str(error.detail)


def _errors(error: exceptions.ValidationError) -> list[dict[str, str]]:
    """What is wrong with which member of the body: JSON Pointers (RFC 6901) and sentences."""
    found = error.detail if isinstance(error.detail, dict) else {"": error.detail}
    return [
        {"pointer": "" if name in {"", "non_field_errors"} else f"/{name}", "detail": str(sentence)}
        for name, sentences in found.items()
        for sentence in (sentences if isinstance(sentences, list) else [sentences])
    ]
