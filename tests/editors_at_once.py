"""Several editors of one port at the same time, each over HTTP as from a browser."""

import re
import threading
from collections.abc import Iterable
from contextlib import closing
from typing import NamedTuple

import httpx

from tests.ports.admin.forms import shown

COLUMNS = {"en": "en", "tr": "tr", "ar": "ar", "de": "de", "ja": "ja", "id": "ind"}
"""The editors' languages, and the columns they write."""


class Ledger(NamedTuple):
    """What editors were told: texts that were saved, by language; and answers that were faults."""

    saved: dict[str, list[str]]
    faults: list[str]


class Editor:
    """A signed-in editor with a form of one port."""

    def __init__(self, url: str, name: str, password: str, number: int, language: str) -> None:
        self.client = httpx.Client(base_url=url, timeout=60, follow_redirects=True)
        self.address = f"/admin/ports/port/{number}/change/?language={language}"
        login = self.client.get("/admin/login/")
        token = shown(login)["csrfmiddlewaretoken"]
        answer = self.client.post(
            "/admin/login/?next=/admin/",
            data={"username": name, "password": password, "csrfmiddlewaretoken": token},
            headers={"Referer": url},
        )
        assert answer.url.path == "/admin/", "the editor could not sign in"

    def close(self) -> None:
        self.client.close()

    def write(self, text: str, column: str) -> httpx.Response:
        """Open the form, write a title in one language, and save."""
        values = shown(self.client.get(self.address))
        values[f"articles-0-title_{column}"] = text
        return self.client.post(self.address, data={**values, "_save": "1"})


def errors(answer: httpx.Response) -> list[str]:
    """What a form complains of."""
    return re.findall(r'<ul class="errorlist.*?</ul>', answer.text, re.DOTALL)


def edit_at_once(
    url: str, credentials: Iterable[tuple[str, str]], *, number: int, rounds: int
) -> Ledger:
    """Let an editor of each language write `rounds` titles of one port, all at the same time."""
    saved: dict[str, list[str]] = {language: [] for language in COLUMNS}
    faults: list[str] = []
    start = threading.Barrier(len(COLUMNS))
    credentials = list(credentials)
    # A translation has something to translate.
    with closing(Editor(url, *credentials[0], number, "en")) as first:
        first.write("The first title", "en")

    def work(language: str, name: str, password: str) -> None:
        with closing(Editor(url, name, password, number, language)) as editor:
            start.wait()
            for index in range(rounds):
                text = f"{language} {index}"
                answer = editor.write(text, COLUMNS[language])
                if answer.status_code == 200 and '<li class="success">' in answer.text:
                    saved[language].append(text)
                else:
                    faults.append(f"{text}: {answer.status_code}: {errors(answer)}")

    threads = [
        threading.Thread(target=work, args=(language, name, password))
        for language, (name, password) in zip(COLUMNS, credentials, strict=False)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Ledger(saved, faults)


REPORT = """
import json
from ports.models import Article, Edition
columns = {columns!r}
row = Article.objects.filter(port_id={number}).values(
    *(f"title_{{column}}" for column in columns.values())
).get()
print(json.dumps({{
    "now": {{code: row[f"title_{{column}}"] for code, column in columns.items()}},
    "kept": {{
        edition.language: [
            [revision.number, [text.get("title") for text in revision.texts.values()]]
            for revision in edition.revisions.order_by("number")
        ]
        for edition in Edition.objects.filter(document__port_id={number})
    }},
}}))
"""


def report_script(number: int) -> str:
    """Code for `manage.py shell` that prints the titles of a port now and in every revision."""
    return REPORT.format(columns=COLUMNS, number=number)


def check(ledger: Ledger, report: dict[str, dict[str, object]]) -> None:
    """Every acknowledged text is in a revision, the last of each language in its column."""
    assert ledger.faults == []
    for language, texts in ledger.saved.items():
        assert report["now"][language] == texts[-1]
        revisions: list[tuple[int, list[str]]] = report["kept"][language]  # type: ignore[assignment]
        assert [number for number, _titles in revisions] == list(range(1, len(revisions) + 1))
        kept = {title for _number, titles in revisions for title in titles}
        assert set(texts) <= kept, f"{language}: a text that was saved is in no revision"
