"""Where the downloads are fetched, by anyone and as often as they like."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, BinaryIO, Final

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from whitenoise.responders import SlicedFile

from ports.api.problem_types import of_status
from ports.api.problems import ProblemRenderer, problem
from ports.api.validators import readable
from ports.dumps import places
from ports.dumps.licences import CC0
from ports.languages import SOURCE

_FOR_A_WHILE: Final = "public, max-age=60, s-maxage=300"
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_RANGE: Final = re.compile(r"bytes=([0-9]{1,15})-([0-9]{1,15})?", re.ASCII)


class _Part(FileResponse):
    """A part of a file, whose headers say which."""

    def set_headers(self, filelike: Any) -> None:
        """Leave the headers as they are."""


@csrf_exempt
@require_safe
def index(_request: HttpRequest) -> HttpResponseBase:
    """Lead to the manifest."""
    return _lead_to(reverse("dumps-manifest"))


@csrf_exempt
@require_safe
def manifest(_request: HttpRequest) -> HttpResponseBase:
    """Say which downloads there are."""
    newest = places.newest()
    if newest is None:
        return _nothing_yet()
    response = JsonResponse(newest, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response.headers["Cache-Control"] = _FOR_A_WHILE
    response.headers["Content-Language"] = SOURCE.tag
    return readable(response)


@csrf_exempt
@require_safe
def newest_file(_request: HttpRequest, name: str) -> HttpResponseBase:
    """Lead to a file of the newest set."""
    newest = places.newest()
    if newest is None:
        return _nothing_yet()
    if places.entry(newest, name) is None:
        return _not_found()
    return _lead_to(reverse("dumps-file", args=[newest["version"], name]))


@csrf_exempt
@require_safe
def file(request: HttpRequest, version: str, name: str) -> HttpResponseBase:
    """Give a file, the same bytes at the same address for as long as it is kept.

    It is open from before the first byte to the last: whoever fetches it has it whole, whatever
    takes its place meanwhile.
    """
    found = places.of_version(version)
    entry = places.entry(found, name) if found else None
    if found is None or entry is None:
        return _not_found()
    response: HttpResponseBase | None = get_conditional_response(request, _etag(entry))
    if response is None:
        try:
            opened = places.path_of(found, name).open("rb")
        except FileNotFoundError:  # its set was removed this very moment
            return _not_found()
        response = _answer(request, opened, entry)
    response.headers["ETag"] = _etag(entry)
    response.headers["Cache-Control"] = _kept_in_caches(entry)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Content-Language"] = ", ".join(entry["languages"])
    return readable(response)


def _answer(request: HttpRequest, opened: BinaryIO, entry: Mapping[str, Any]) -> HttpResponseBase:
    """The file, or as much of it as is asked for."""
    size = int(entry["bytes"])
    # A range is of what GET gives, and of nothing else (RFC 9110, section 14.2).
    asked = _RANGE.fullmatch(request.headers.get("Range", "")) if request.method == "GET" else None
    if asked is None or request.headers.get("If-Range", _etag(entry)) != _etag(entry):
        return FileResponse(opened, content_type=entry["media_type"], filename=entry["name"])
    first, last = int(asked[1]), min(int(asked[2] or size), size - 1)
    if first >= size:
        opened.close()
        unsatisfiable = HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
        unsatisfiable.headers["Content-Range"] = f"bytes */{size}"
        return unsatisfiable
    if asked[2] and first > int(asked[2]):
        return FileResponse(opened, content_type=entry["media_type"], filename=entry["name"])
    return _Part(
        SlicedFile(opened, first, last),
        status=HTTPStatus.PARTIAL_CONTENT,
        content_type=entry["media_type"],
        headers={
            "Content-Range": f"bytes {first}-{last}/{size}",
            "Content-Length": str(last - first + 1),
        },
    )


def _kept_in_caches(entry: Mapping[str, Any]) -> str:
    """How long caches may keep a file: no longer than a page where texts may be withdrawn."""
    licence = entry.get("licence")
    is_of_facts = isinstance(licence, dict) and licence.get("spdx") == CC0.spdx
    return _FOR_EVER if is_of_facts else _FOR_A_WHILE


def _etag(entry: Mapping[str, Any]) -> str:
    return f'"{entry["sha256"]}"'


def _lead_to(path: str) -> HttpResponseBase:
    response = redirect(path)
    response.headers["Cache-Control"] = _FOR_A_WHILE
    return readable(response)


def _nothing_yet() -> HttpResponseBase:
    return _problem(_("No downloads have been made yet. They are made every night."))


def _not_found() -> HttpResponseBase:
    return _problem(
        _("There is no such file. %(address)s names those that there are.")
        % {"address": reverse("dumps-manifest")}
    )


def _problem(detail: str) -> HttpResponseBase:
    return readable(
        JsonResponse(
            problem(of_status(HTTPStatus.NOT_FOUND), detail),
            status=HTTPStatus.NOT_FOUND,
            content_type=ProblemRenderer.media_type,
            headers={"Cache-Control": "no-store"},
        )
    )
