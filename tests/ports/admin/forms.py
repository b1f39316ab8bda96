"""Filling in the admin's forms as a browser would: every field as shown, and what changes."""

import re
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client


class _Fields(HTMLParser):
    """The fields of the form that posts, with what they hold; the forms to add rows left out."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._inside = False
        self._textarea = ""
        self._select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._inside = found.get("method") == "post" and "logout" not in found.get("action", "")
        name = found.get("name", "")
        if not self._inside or not name or "__prefix__" in name:
            return
        if tag == "textarea":
            self._textarea, self.values[name] = name, ""
        elif tag == "select":
            self._select, self.values[name] = name, ""
        elif tag == "input" and found.get("type") not in {"submit", "checkbox"}:
            self.values[name] = found.get("value", "")
        elif tag == "input" and found.get("type") == "checkbox" and "checked" in found:
            self.values[name] = found.get("value", "on")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea":
            # A browser leaves out the first line end.
            self.values[self._textarea] = self.values.get(self._textarea, "").removeprefix("\n")
            self._textarea = ""
        elif tag == "select":
            self._select = ""

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.values[self._textarea] += data


class _Selected(HTMLParser):
    """What is chosen in each list of choices."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        if tag == "select":
            self._select = found.get("name", "")
        elif tag == "option" and "selected" in found and self._select:
            self.values[self._select] = found.get("value", "")


def shown(response: HttpResponse) -> dict[str, str]:
    """The fields of a form as a browser would send them back, text areas with CRLF."""
    page = response.content.decode()
    fields, selected = _Fields(), _Selected()
    fields.feed(page)
    selected.feed(page)
    values = {**fields.values, **{k: v for k, v in selected.values.items() if k in fields.values}}
    return {name: value.replace("\n", "\r\n") for name, value in values.items()}


class Form:
    """A form that an editor has open."""

    def __init__(self, editor: Client, address: str) -> None:
        self.editor, self.address = editor, address
        response = editor.get(address)
        assert response.status_code == 200, response.status_code
        self.values = shown(response)

    def fill(self, **values: str) -> "Form":
        """Type into fields."""
        self.values |= values
        return self

    def tick(self, name: str, *, on: bool = True) -> "Form":
        """Tick a box, or untick it."""
        self.values.pop(name, None)
        if on:
            self.values[name] = "on"
        return self

    def add(self, prefix: str, **values: str) -> int:
        """Fill in another row of a list of parts; return its index."""
        index = int(self.values[f"{prefix}-TOTAL_FORMS"])
        self.values[f"{prefix}-TOTAL_FORMS"] = str(index + 1)
        defaults = {"id": "", "position": "0", "initial-position": "0"}
        for name, value in {**defaults, **values}.items():
            key = f"{prefix}-{index}-{name}"
            self.values[
                f"initial-{prefix}-{index}-position" if name == "initial-position" else key
            ] = value
        return index

    def save(self, button: str = "_save") -> Any:
        """Press a button; the answer, after redirects."""
        return self.editor.post(self.address, {**self.values, button: "1"}, follow=True)

    def save_as(self, action: str) -> Any:
        """Press one of the buttons that are called `action`; the answer, after redirects."""
        return self.editor.post(self.address, {**self.values, "action": action}, follow=True)

    def read(self, response: HttpResponse) -> None:
        """Go on with the form as an answer shows it."""
        self.values = shown(response)


def press(person: Client, page: str, action: str, code: str = "en", **filled_in: str) -> Any:
    """Press a button of an edition on its publishing page; the answer, after redirects."""
    found = person.get(page).content.decode()
    edition = found.partition(f'aria-labelledby="edition-{code}"')[2].partition("</section>")[0]
    assert f'name="action" value="{action}"' in edition, f"there is no button to {action} {code}"
    number = re.search(r'name="number" value="(\d+)"', edition)
    assert number is not None
    values = {"action": action, "language": code, "number": number[1], **filled_in}
    return person.post(page, values, follow=True)
