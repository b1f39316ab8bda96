"""The timeline of a port: what editors tell of its history, and the registry's own events."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString

from ports import change_sentences, formats
from ports.change_facts import ToldChange
from ports.editorial.rendering import EventTexts, Fragment
from ports.languages import Language
from ports.port_facts import Registration
from ports.registry.changes import ChangeKind

_MONTH = len("2002-03")


class Event(NamedTuple):
    """A dated event: `date` for machines, `when` for people.

    `is_of_registry` is true for what the registry itself tells; `change` then is the change that
    tells it, or None where today's records do.
    """

    date: str
    when: str
    title: Fragment | SafeString | None
    text: Fragment | SafeString | None
    is_of_registry: bool = False
    change: ToldChange | None = None


def timeline(
    history: Iterable[EventTexts],
    registrations: Iterable[Registration],
    changes: Iterable[ToldChange],
    language: Language,
) -> list[Event]:
    """Everything dated that is known of a port, in order of date as far as that is known.

    A year stands before its months, and a month before its days. Where editors tell of the day or
    month of a registration, theirs stands alone: it tells it better.
    """
    told_by_editors = [Event(*event) for event in map(_fields, history)]
    told_changes = list(changes)
    events = [
        *told_by_editors,
        *(
            event
            for event in _registered(registrations)
            if not any(_is_same_date(event.date, told.date) for told in told_by_editors)
        ),
        *_modified(registrations, told_changes),
        *(_changed(change, language) for change in sorted(told_changes, key=_as_told)),
    ]
    return sorted(events, key=lambda event: event.date)


def _fields(event: EventTexts) -> tuple[str, str, Fragment | None, Fragment | None]:
    return event.date, event.when, event.title, event.text


def _registered(registrations: Iterable[Registration]) -> Iterable[Event]:
    dated = {
        (registration.registration_date, registration.name or registration.description)
        for registration in registrations
        if registration.registration_date
    }
    for date, name in sorted(dated):
        yield _of_records(date, change_sentences.registered(name))


def _modified(registrations: Iterable[Registration], changes: list[ToldChange]) -> Iterable[Event]:
    told = {(change.after("modification_date"), change.title) for change in changes}
    dated = {
        (registration.modification_date, registration.name or registration.description)
        for registration in registrations
        if registration.modification_date
    }
    for date, name in sorted(dated - told):
        yield _of_records(date, change_sentences.modified(name))


def _of_records(date: str, sentence: SafeString) -> Event:
    return Event(date, formats.registry_date(date), sentence, None, is_of_registry=True)


def _changed(change: ToldChange, language: Language) -> Event:
    date = change.snapshot.names_as_of
    return Event(
        date,
        formats.registry_date(date),
        change_sentences.change(change, language),
        format_html("<p>{}</p>", change_sentences.differing(change))
        if change.kind == ChangeKind.MODIFIED
        else None,
        is_of_registry=True,
        change=change,
    )


def _as_told(change: ToldChange) -> tuple[int, int]:
    return change.snapshot.pk, change.id


def _is_same_date(one: str, other: str) -> bool:
    """Whether two dates are the same day, or the same month where one says no more."""
    if min(len(one), len(other)) == _MONTH:
        return one[:_MONTH] == other[:_MONTH]
    return one == other
