"""Reading a page as its reader does."""

import html
import re
from http import HTTPStatus

from django.http import HttpResponse
from django.test import Client


def get(reader: Client, path: str, **kwargs: object) -> HttpResponse:
    """A page that must be there."""
    response = reader.get(path, **kwargs)
    assert response.status_code == HTTPStatus.OK, f"{path}: {response.status_code}"
    return response


def source(response: HttpResponse) -> str:
    return response.content.decode()


def text(response: HttpResponse) -> str:
    """The words of the page's main part, without its markup."""
    main = source(response).partition("<main")[2].partition("</main>")[0]
    without_tags = re.sub(
        r"<[^>]*>", "", re.sub(r"<(?:/p|/li|/h\d|/td|/tr)>", "\n", f"<main{main}")
    )
    return re.sub(r"[ \t]+", " ", html.unescape(without_tags))


def attribute(response: HttpResponse, name: str) -> str:
    """An attribute of the page's root element."""
    match = re.search(rf'<html[^>]* {name}="([^"]*)"', source(response))
    assert match is not None
    return match[1]
