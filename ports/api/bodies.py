"""Reading what was sent: JSON or text, and never more of it than is taken at once."""

import codecs
import io
from http import HTTPStatus
from typing import Any, Final

import orjson
from django.core.exceptions import BadRequest
from django.http import HttpRequest, UnreadablePostError
from django.utils.translation import gettext as _
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.views import APIView

from ports.api.problem_types import INVALID_BODY
from ports.api.problems import Problem

MOST_BYTES: Final = 256 * 1024
_LARGE: Final = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
# What Windows PowerShell writes into files.
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class TakesBodies(APIView):
    """A view to which something is sent, in pieces of unknown length (chunked) too."""

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        # Django takes what has no length for empty, as not every server says where it ends.
        if not request.META.get("CONTENT_LENGTH") and request.META.get("wsgi.input_terminated"):
            body = request.META["wsgi.input"].read(MOST_BYTES + 1)
            request.META["CONTENT_LENGTH"] = str(len(body))
            request._stream = io.BytesIO(body)
        return super().initialize_request(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.META.get("HTTP_CONTENT_ENCODING", "identity").lower() != "identity":
            raise UnsupportedMediaType(request.META["HTTP_CONTENT_ENCODING"])
        super().initial(request, *args, **kwargs)


class JSONParser(BaseParser):
    """A JSON body of bounded size."""

    media_type = "application/json"

    def parse(self, stream: Any, *_args: Any, **_kwargs: Any) -> Any:
        """What the body says; raises a Problem for what is no JSON."""
        try:
            return orjson.loads(_bounded(stream))
        except orjson.JSONDecodeError as error:
            detail = _("This is not JSON: line %(line)s, column %(column)s.") % {
                "line": error.lineno,
                "column": error.colno,
            }
            errors = [{"pointer": "", "detail": detail}]
            raise Problem(INVALID_BODY, detail, errors=errors) from None


class PlainTextParser(BaseParser):
    """A text of bounded size, as UTF-8 or, with a byte order mark, as UTF-16.

    What is neither is read as far as possible: old Windows writes its own letters in words that
    name no port.
    """

    media_type = "text/plain"

    def parse(self, stream: Any, *_args: Any, **_kwargs: Any) -> Any:
        """The body as if it had come in JSON, as `text`."""
        body = _bounded(stream)
        encoding = "utf-16" if body.startswith(_UTF_16) else "utf-8-sig"
        return {"text": body.decode(encoding, errors="replace")}


def _bounded(stream: Any) -> bytes:
    try:
        body: bytes = stream.read(MOST_BYTES + 1)
    except UnreadablePostError as error:  # its sender has gone
        raise BadRequest from error
    if len(body) > MOST_BYTES:
        detail = _("This is larger than %(size)s KiB. Send it in parts.")
        raise Problem(_LARGE, detail % {"size": MOST_BYTES // 1024})
    return body
