"""What is answered when no view could: a page, or of the API problem details."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse

from ports.api import problems
from ports.api.validators import is_of_api
from ports.web import errors


def _answer(status: HTTPStatus, page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_of_api(request):
            return problems.response(status)
        return page(request, *args, **kwargs)

    return answer


bad_request = _answer(HTTPStatus.BAD_REQUEST, errors.bad_request)
forbidden = _answer(HTTPStatus.FORBIDDEN, errors.forbidden)
not_found = _answer(HTTPStatus.NOT_FOUND, errors.not_found)
server_error = _answer(HTTPStatus.INTERNAL_SERVER_ERROR, errors.server_error)
