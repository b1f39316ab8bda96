"""Several editors of one port at the same time, each over HTTP as from a browser."""

import html
import os
import re
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import psycopg

from tests import machine
from tests.browser.site import Site, running_site
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

    def open(self) -> dict[str, str]:
        """The form, with what it holds."""
        return shown(self.client.get(self.address))

    def save(self, form: dict[str, str], text: str, column: str) -> httpx.Response:
        """Write a title in one language into a form that is open, and save."""
        form = {**form, f"articles-0-title_{column}": text}
        return self.client.post(self.address, data={**form, "_save": "1"})

    def write(self, text: str, column: str) -> httpx.Response:
        """Open the form, write a title in one language, and save."""
        return self.save(self.open(), text, column)


@contextmanager
def site_on_postgresql(state_dir: Path) -> Iterator[Site]:
    """The whole site on a PostgreSQL database of its own."""
    server = machine.require("postgresql")
    name = f"portsite_editors_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        with running_site(state_dir, DATABASE_URL=f"{server.rpartition('/')[0]}/{name}") as running:
            yield running
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def is_saved(answer: httpx.Response) -> bool:
    """Whether the editor was told that the text is saved."""
    return answer.status_code == 200 and '<li class="success">' in answer.text


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
                if is_saved(answer):
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


class Pairs(NamedTuple):
    """What came of pairs of saves: the texts that were acknowledged, by language, and the rest.

    `refused` counts the texts that were shown back, with what was there and what the other wrote;
    `faults` are answers that were neither.
    """

    saved: dict[str, list[str]]
    refused: int
    faults: list[str]


def save_in_pairs(
    url: str, credentials: Iterable[tuple[str, str]], *, number: int, pairs: int
) -> Pairs:
    """Let two editors save forms of one port at the same moment, so many times.

    Each time both forms are opened first; every other pair writes the same field, the others two
    languages. Whoever is refused must be shown all three versions.
    """
    told = Pairs({"en": [], "tr": []}, 0, [])
    refused = 0
    now = {"en": "The first title", "tr": ""}
    (first, first_password), (second, second_password) = credentials
    with (
        closing(Editor(url, first, first_password, number, "tr")) as anna,
        closing(Editor(url, second, second_password, number, "tr")) as ben,
    ):
        anna.write(now["en"], "en")
        for index in range(pairs):
            languages = ("en", "en") if index % 2 else ("en", "tr")
            texts = [
                f"{editor} {index} <{code}>" for editor, code in zip("ab", languages, strict=True)
            ]
            forms = [editor.open() for editor in (anna, ben)]
            answers = _at_once(zip((anna, ben), forms, texts, languages, strict=True))
            was = dict(now)
            for text, code, answer in zip(texts, languages, answers, strict=True):
                if is_saved(answer):
                    told.saved[code].append(text)
                    now[code] = text
            for text, code, answer in zip(texts, languages, answers, strict=True):
                if is_saved(answer):
                    continue
                if languages == ("en", "en") and _shows(answer, was[code], now[code], text):
                    refused += 1
                else:
                    told.faults.append(f"{text}: {answer.status_code}: {errors(answer)}")
            if languages == ("en", "en") and sum(map(is_saved, answers)) != 1:
                told.faults.append(f"pair {index}: {list(map(is_saved, answers))} were saved")
    return told._replace(refused=refused)


def _at_once(saves: Iterable[tuple[Editor, dict[str, str], str, str]]) -> list[httpx.Response]:
    """The answers to saves that are sent at the same moment."""
    listed = list(saves)
    start = threading.Barrier(len(listed))

    def save(editor: Editor, form: dict[str, str], text: str, language: str) -> httpx.Response:
        start.wait()
        return editor.save(form, text, COLUMNS[language])

    with ThreadPoolExecutor(len(listed)) as threads:
        return [done.result() for done in [threads.submit(save, *each) for each in listed]]


def _shows(answer: httpx.Response, base: str, theirs: str, mine: str) -> bool:
    """Whether a form shows what a title was, what the other wrote, and holds the editor's own."""
    versions = re.findall(r'<div class="text"[^>]*>(.*?)</div></details>', answer.text, re.DOTALL)
    held = shown(answer).get("articles-0-title_en")
    return [*map(html.unescape, versions)] == [base, theirs] and held == mine


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


def check(ledger: Ledger | Pairs, report: dict[str, dict[str, object]]) -> None:
    """Every acknowledged text is in a revision, the last of each language in its column."""
    assert ledger.faults == []
    for language, texts in ledger.saved.items():
        assert report["now"][language] == texts[-1]
        revisions: list[tuple[int, list[str]]] = report["kept"][language]  # type: ignore[assignment]
        assert [number for number, _titles in revisions] == list(range(1, len(revisions) + 1))
        kept = {title for _number, titles in revisions for title in titles}
        assert set(texts) <= kept, f"{language}: a text that was saved is in no revision"
