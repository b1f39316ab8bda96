"""What an editor's form starts from: the revisions they saw, and those that others made since.

A form carries the numbers of the revisions it was opened with. What it holds beside the content of
those revisions is what this editor changed; only that is written. Where somebody else changed the
same field since, the form says so and shows what they wrote.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import HttpRequest, QueryDict

from ports.admin.document_state import Editions
from ports.editorial.checks import Problem
from ports.editorial.parts import Structure, Texts
from ports.languages import SOURCE, Language, by_code
from ports.models import Edition, Revision, User

MOST_LANGUAGES = 8
"""So many languages one form may hold beside English."""

_DIGITS = re.compile(r"[0-9]{1,9}", re.ASCII)


@dataclass(slots=True)
class Base:
    """An edition as a form was opened with it, and its latest revision now.

    `seen` is the number of the revision whose differences the editor was shown already.
    """

    revision: Revision | None
    latest: Revision | None
    seen: int

    @property
    def number(self) -> int:
        return self.revision.number if self.revision else 0

    @property
    def is_behind(self) -> bool:
        """Whether somebody saved since, and the editor does not know yet."""
        latest = self.latest.number if self.latest else 0
        return latest not in {self.number, self.seen}

    @property
    def texts(self) -> Texts:
        return self.revision.texts if self.revision else {}

    @property
    def structure(self) -> Structure:
        return (self.revision.structure if self.revision else None) or {}


@dataclass
class Editing:
    """One editor's work on one document, in one request."""

    languages: tuple[Language, ...]
    bases: dict[str, Base]
    posted: QueryDict | None
    problems: list[Problem] = field(default_factory=list)

    def base(self, language: Language) -> Base:
        return self.bases[language.code]

    @property
    def is_new(self) -> bool:
        """Whether nothing had been saved when the form was opened."""
        return self.base(SOURCE).revision is None

    @cached_property
    def base_parts(self) -> dict[str, dict[str, Any]]:
        """The parts of the structure that the form was opened with, by uuid."""
        structure = self.base(SOURCE).structure
        return {part["uuid"]: part for parts in structure.values() for part in parts}

    @cached_property
    def source_keys(self) -> set[str]:
        """The keys that footnotes may cite, as they stand in the posted form."""
        return set(_posted_keys(self.posted)) if self.posted is not None else set()


def shown_languages(request: HttpRequest) -> tuple[Language, ...]:
    """English, and the languages that the address or else the editor's profile asks for."""
    user = request.user
    own = user.working_languages if isinstance(user, User) else []
    wanted = request.GET.getlist("language") or own
    others = dict.fromkeys(
        language for code in wanted if (language := by_code(str(code))) and language is not SOURCE
    )
    return (SOURCE, *list(others)[:MOST_LANGUAGES])


def editing(request: HttpRequest, editions: Editions) -> Editing:
    """The editor's work on a document, whose row must be locked when something is saved."""
    posted = request.POST if request.method == "POST" else None
    languages = shown_languages(request)
    bases = {}
    for language in languages:
        edition = editions.get(language.code)
        bases[language.code] = Base(
            revision=_base_revision(edition, posted, language),
            latest=edition.latest_revision if edition else None,
            seen=_number(posted, f"seen-{language.code}"),
        )
    return Editing(languages, bases, posted)


def _base_revision(
    edition: Edition | None, posted: QueryDict | None, language: Language
) -> Revision | None:
    if edition is None:
        return None
    latest = edition.latest_revision
    if posted is None or f"base-{language.code}" not in posted:
        return latest
    number = _number(posted, f"base-{language.code}")
    if latest is not None and latest.number == number:
        return latest
    return Revision.objects.filter(edition=edition, number=number).first()


def _number(posted: QueryDict | None, name: str) -> int:
    value = posted.get(name, "") if posted is not None else ""
    return int(value) if _DIGITS.fullmatch(value) else 0


def _posted_keys(posted: QueryDict) -> Iterator[str]:
    for name, value in posted.items():
        match = re.fullmatch(r"sources-([0-9]+)-key", name)
        if match and f"sources-{match[1]}-withdrawn" not in posted:
            yield str(value).strip()
