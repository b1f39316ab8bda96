"""What an editor's form starts from: the revisions they saw, and those that others made since.

A form carries the numbers of the revisions it was opened with. What it holds beside the content of
those revisions is what this editor changed; only that is written. Where somebody else changed the
same field since, the form says so and shows what they wrote.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, QueryDict

from ports import roles
from ports.admin.document_state import Editions
from ports.editorial.checks import Problem
from ports.editorial.parts import Structure, Texts
from ports.languages import SOURCE, Language, by_code
from ports.models import Edition, Revision, Source, User
from ports.roles import Deed

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


class SourceKey(NamedTuple):
    """The key of a source as it will be once the form is saved; `row` is its place in the form."""

    row: int | None
    key: str


@dataclass
class Editing:
    """One editor's work on one document, in one request.

    `writable` are the languages of the form in which they may write; who may write English may
    change the structure too.
    """

    languages: tuple[Language, ...]
    bases: dict[str, Base]
    posted: QueryDict | None
    sources: list[Source]
    writable: frozenset[Language]
    problems: list[Problem] = field(default_factory=list)

    def base(self, language: Language) -> Base:
        return self.bases[language.code]

    @cached_property
    def base_parts(self) -> dict[str, dict[str, Any]]:
        """The parts of the structure that the form was opened with, by uuid."""
        return _parts(self.base(SOURCE).revision)

    @property
    def homeless_problems(self) -> list[Problem]:
        """Faults of parts that had no row when the form was sent: no row's form can tell them."""
        stored = _parts(self.base(SOURCE).latest)
        return [problem for problem in self.problems if problem.uuid not in stored]

    @cached_property
    def source_keys(self) -> list[SourceKey]:
        """The keys that footnotes may cite once the form is saved."""
        if self.posted is None:
            return []
        return list(self._source_keys(self.posted))

    def _source_keys(self, posted: QueryDict) -> Iterator[SourceKey]:
        left = {source.pk: source for source in self.sources}
        for row in range(posted_number(posted, "sources-TOTAL_FORMS")):
            key = posted.get(f"sources-{row}-key", "").strip()
            is_withdrawn = f"sources-{row}-withdrawn" in posted
            stored = left.pop(posted_number(posted, f"sources-{row}-id"), None)
            if stored is not None:
                # What this editor left as it was is as others made it since.
                base = self.base_parts.get(str(stored.uuid))
                key = stored.key if base is not None and key == base["key"] else key
                if is_withdrawn == (base is None):
                    is_withdrawn = stored.removed_at is not None
            if key and not is_withdrawn:
                yield SourceKey(row, key)
        for source in left.values():
            if source.removed_at is None:
                yield SourceKey(None, source.key)


def shown_languages(request: HttpRequest) -> tuple[Language, ...]:
    """English, and the languages of the form: those it was opened in, once it is sent.

    Else those that the address or the editor's profile asks for.
    """
    wanted = request.GET.getlist("language") or editor(request).working_languages
    if request.method == "POST":
        wanted = [name.removeprefix("base-") for name in request.POST if name.startswith("base-")]
    return form_languages(wanted)


def form_languages(codes: Iterable[str]) -> tuple[Language, ...]:
    """English, and those of the languages that a form may hold beside it."""
    others = dict.fromkeys(
        language for code in codes if (language := by_code(str(code))) and language is not SOURCE
    )
    return (SOURCE, *list(others)[:MOST_LANGUAGES])


def editing(request: HttpRequest, editions: Editions, sources: list[Source]) -> Editing:
    """The editor's work on a document, which must be locked when something is saved.

    `sources` are the stored ones of the document, withdrawn ones too.
    """
    posted = request.POST if request.method == "POST" else None
    languages = shown_languages(request)
    bases = {}
    for language in languages:
        edition = editions.by_language.get(language.code)
        bases[language.code] = Base(
            revision=_base_revision(edition, posted, language),
            latest=edition.latest_revision if edition else None,
            seen=posted_number(posted, f"seen-{language.code}"),
        )
    user = editor(request)
    writable = frozenset(each for each in languages if roles.may(user, Deed.WRITE, each))
    return Editing(languages, bases, posted, sources, writable)


def editor(request: HttpRequest) -> User:
    """Who is signed in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _base_revision(
    edition: Edition | None, posted: QueryDict | None, language: Language
) -> Revision | None:
    if edition is None:
        return None
    latest = edition.latest_revision
    if posted is None:
        return latest
    number = posted_number(posted, f"base-{language.code}")
    if latest is not None and latest.number == number:
        return latest
    return Revision.objects.filter(edition=edition, number=number).first()


def _parts(revision: Revision | None) -> dict[str, dict[str, Any]]:
    structure: Structure = (revision.structure if revision else None) or {}
    return {part["uuid"]: part for parts in structure.values() for part in parts}


def posted_number(posted: QueryDict | None, name: str) -> int:
    """A whole number that a form holds, such as that of a revision; 0 where it holds none."""
    value = posted.get(name, "") if posted is not None else ""
    return int(value) if _DIGITS.fullmatch(value) else 0
