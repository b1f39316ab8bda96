"""Localized sentences about what changed in the registry."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ports import formats
from ports.change_facts import ToldChange
from ports.languages import Language
from ports.models import Assignment, Snapshot
from ports.registry.changes import ChangeKind
from ports.sentences import fill, joined, registry_text, service_link

_CHANGES = {
    # Translators: these four stand before or around a service's name and ports, which cannot be
    # inflected: "New in the registry: ndn 6363/tcp, 6363/udp."
    ChangeKind.ADDED: lambda: _("New in the registry: %(record)s."),
    ChangeKind.REMOVED: lambda: _("Removed from the registry: %(record)s."),
    ChangeKind.MODIFIED: lambda: _("Changed in the registry: %(record)s."),
    ChangeKind.RENAMED: lambda: _("Renamed in the registry: %(former)s is now %(record)s."),
}


def change(told: ToldChange, language: Language | None = None) -> SafeString:
    """What changed, in a sentence; in a language given it links to the pages of what changed."""
    return fill(
        _CHANGES[told.kind](),
        record=_record(told, language),
        former=_name(told.former_name, language) if told.former_name else "",
    )


def seen_in(snapshot: Snapshot) -> SafeString:
    """In which state of the registry a change was seen first."""
    # Translators: %(date)s is the day of the newest change in that state of the registry.
    return fill(_("Seen in the registry of %(date)s."), date=_as_of(snapshot))


def registry_of(snapshot: Snapshot) -> SafeString:
    """A state of the registry by its date."""
    # Translators: a heading; %(date)s is the day of the newest change in that state.
    return fill(_("Registry of %(date)s"), date=_as_of(snapshot))


def kept_since(snapshot: Snapshot) -> SafeString:
    """From which state of the registry on changes can be told."""
    return fill(
        # Translators: %(date)s is the day of the newest change in that state of the registry.
        _("This site has kept changes since the registry of %(date)s."),
        date=_as_of(snapshot),
    )


def gone_since(snapshot: Snapshot) -> SafeString:
    """That a service's name is in the registry no more."""
    return fill(
        # Translators: said of a service name; %(date)s is a day.
        _(
            "This name is no longer in the registry. The registry of %(date)s was the first "
            "without it."
        ),
        date=_as_of(snapshot),
    )


def new_names(names: Iterable[str], language: Language) -> SafeString:
    """What a service is called now."""
    return fill(
        # Translators: %(names)s is a service name, or a list of them, that replaced another.
        _("It was renamed; the service’s name is now: %(names)s."),
        names=joined(service_link(name, language) for name in names),
    )


def registered(name: str) -> SafeString:
    """That a service was registered, on a date that stands beside it."""
    # Translators: %(record)s is a service name; the date of its registration stands beside it.
    return fill(_("Registered with IANA: %(record)s."), record=registry_text(name))


def modified(name: str) -> SafeString:
    """That a service's record was modified, on a date that stands beside it."""
    return fill(_CHANGES[ChangeKind.MODIFIED](), record=registry_text(name))


def differing(told: ToldChange) -> SafeString:
    """Which cells of a record differ."""
    return fill(
        # Translators: %(columns)s is a list of columns of the registry: "assignee and contact".
        _("What differs: %(columns)s."),
        columns=joined(SafeString(escape(_column(cell.column))) for cell in told.cells),
    )


def column_name(column: str) -> str:
    """The name of a column of the registry, as a heading."""
    return capfirst(_column(column))


def _column(column: str) -> str:
    return str(Assignment._meta.get_field(column).verbose_name)  # type: ignore[union-attr]


def _record(told: ToldChange, language: Language | None) -> SafeString:
    name = _name(told.name, language) if told.name else registry_text(told.title)
    if not told.where:
        return name
    where = registry_text(told.where)
    if language and told.first_port is not None:
        address = reverse("port", args=[language, told.first_port])
        where = format_html('<a href="{}" lang="en" dir="ltr">{}</a>', address, told.where)
    return format_html("{} {}", name, where)


def _name(name: str, language: Language | None) -> SafeString:
    return service_link(name, language) if language else registry_text(name)


def _as_of(snapshot: Snapshot) -> SafeString:
    return SafeString(escape(formats.registry_date(snapshot.names_as_of)))
