"""Asking a WSGI application of this process, without a network between."""

import io
from typing import Any

from django.core.handlers.wsgi import WSGIHandler


def get(handler: WSGIHandler, address: str, **more: str) -> tuple[int, dict[str, str], bytes]:
    """The status, the headers and the body that an address is answered with."""
    path_info, _mark, query = address.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path_info,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
        **more,
    }
    said: list[Any] = []
    response = handler(environ, lambda status, headers, _error=None: said.extend([status, headers]))  # type: ignore[arg-type, func-returns-value]
    try:
        body = b"".join(response)
    finally:
        response.close()  # type: ignore[attr-defined]
    return int(said[0].split()[0]), dict(said[1]), body
