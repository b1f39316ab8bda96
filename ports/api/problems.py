"""What went wrong, as the API says it: problem details by RFC 9457, in the caller's language."""

from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

from ports.api.problem_types import INVALID_BODY, ProblemType, of_status


class Problem(exceptions.APIException):
    """A problem of a kind (a status says the usual one), and a sentence that says what to do.

    `more` are further members of the answer, `headers` such as Retry-After.
    """

    def __init__(
        self,
        kind: HTTPStatus | ProblemType,
        detail: str,
        *,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail)
        self.kind = kind if isinstance(kind, ProblemType) else of_status(kind)
        self.status_code = self.kind.status
        self.headers = headers or {}
        self.more = more


class ProblemRenderer(JSONRenderer):
    """JSON under the media type of problem details."""

    media_type = "application/problem+json"
    format = "problem"


_SENTENCES: Final = {
    HTTPStatus.BAD_REQUEST: gettext_lazy(
        "Something in this request is malformed. Go back and try again."
    ),
    HTTPStatus.FORBIDDEN: gettext_lazy("This page may not be opened this way."),
    HTTPStatus.NOT_FOUND: gettext_lazy(
        "There is no page at this address. Port numbers run from 0 to 65535."
    ),
    # In no language, as that may be what failed.
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong here, and it is not your fault. "
    "Please try again later.",
}


def problem(kind: ProblemType, detail: str) -> dict[str, Any]:
    """The members that every problem has."""
    return {
        "type": kind.address,
        "title": kind.title,
        "status": kind.status.value,
        "detail": detail,
    }


def response(status: HTTPStatus) -> JsonResponse:
    """The answer where no view of the API was there to give it: 400, 403, 404 or 500."""
    return JsonResponse(
        problem(of_status(status), str(_SENTENCES[status])),
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
    elif isinstance(error, BadRequest):
        error = Problem(HTTPStatus.BAD_REQUEST, str(_SENTENCES[HTTPStatus.BAD_REQUEST]))
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    found = error if isinstance(error, Problem) else _as_problem(error, context)
    headers = {"Cache-Control": "no-store", **found.headers}
    body = problem(found.kind, str(found.detail)) | found.more
    response = Response(body, status=found.kind.status, headers=headers)
    renderer = ProblemRenderer()
    request = context["request"]
    request.accepted_renderer, request.accepted_media_type = renderer, renderer.media_type
    return response


def _as_problem(error: exceptions.APIException, context: dict[str, Any]) -> Problem:
    """The problem that an error of the framework is, in words that exist in every language."""
    view, request = context["view"], context["request"]
    status = HTTPStatus(error.status_code)
    match error:
        case exceptions.ValidationError():
            errors = _errors(error)
            detail = " ".join(": ".join(filter(None, each.values())) for each in errors)
            return Problem(INVALID_BODY, detail, errors=errors)
        case exceptions.MethodNotAllowed():
            allowed = ", ".join(view.allowed_methods)
            detail = _("%(method)s is not possible here. These are: %(methods)s.")
            said = {"method": request.method, "methods": allowed}
            return Problem(status, detail % said, headers={"Allow": allowed})
        case exceptions.NotAcceptable():
            types = ", ".join(each.media_type for each in view.renderer_classes)
            detail = _("This is not given in the form that Accept asks for. These are: %(types)s.")
            return Problem(status, detail % {"types": types})
        case exceptions.UnsupportedMediaType():
            types = ", ".join(each.media_type for each in view.parser_classes)
            detail = _("What was sent is in none of the forms that are understood here: %(types)s.")
            return Problem(status, detail % {"types": types})
    return Problem(status, str(error.detail))


def _errors(error: exceptions.ValidationError) -> list[dict[str, str]]:
    """What is wrong with which member of the body: JSON Pointers (RFC 6901) and sentences."""
    found = error.detail if isinstance(error.detail, dict) else {"": error.detail}
    return [
        {"pointer": "" if name in {"", "non_field_errors"} else f"/{name}", "detail": str(sentence)}
        for name, sentences in found.items()
        for sentence in (sentences if isinstance(sentences, list) else [sentences])
    ]
