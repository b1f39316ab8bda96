"""What registry tokens show: today's facts, in the active language, as escaped HTML."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ports import formats, sentences
from ports.languages import Language
from ports.models import Assignment
from ports.registry.cells import read_people
from ports.registry.claims import speaking_for
from ports.registry.records import Status
from ports.registry_excerpt import RegistryExcerpt
from ports.tokens import CountToken, Fact, FactToken, PortLink, RegistryToken


def cited_port(token: RegistryToken) -> int | None:
    """The port whose facts a token needs; a link and a count need none."""
    return token.port if isinstance(token, FactToken) else None


def token_html(token: RegistryToken, excerpt: RegistryExcerpt, page_language: Language) -> str:
    """What stands in the place of a token on a page in `page_language`."""
    if isinstance(token, PortLink):
        return _link(token, page_language)
    if isinstance(token, CountToken):
        return _count(token, excerpt)
    if token.fact == Fact.STATUS:
        status = getattr(excerpt.statuses(token.port), token.transport)
        return escape(sentences.status_name(status))
    records = _records(token, excerpt)
    values = list(dict.fromkeys(v for record in records for v in _values(token.fact, record)))
    if not values:
        # Translators: in place of a registry fact that the registry does not give.
        return escape(_("not recorded"))
    shown = sentences.joined(values)
    if all(record.status == Status.DEASSIGNED for record in records):
        # Translators: a registry fact that was withdrawn; %(fact)s cannot be inflected.
        return sentences.fill(_("formerly %(fact)s"), fact=shown)
    return shown


def _records(token: FactToken, excerpt: RegistryExcerpt) -> list[Assignment]:
    """The records a token speaks of: those in force, or else the withdrawn ones."""
    record_of = {record.record: record for record in excerpt.records[token.port]}
    speaking = [
        record_of[record]
        for record in speaking_for(list(record_of), token.transport)
        if not token.name or record.service_name.lower() == token.name.lower()
    ]
    assigned = [record for record in speaking if record.status == Status.ASSIGNED]
    return assigned or [record for record in speaking if record.status == Status.DEASSIGNED]


def _values(fact: Fact, record: Assignment) -> Iterable[SafeString]:
    match fact:
        case Fact.SERVICE:
            values: Iterable[str] = [record.service_name]
        case Fact.DESCRIPTION:
            values = [record.description]
        case Fact.ASSIGNEE:
            values = read_people(record.assignee)
        case Fact.REGISTERED:
            return _date(record.registration_date)
        case _:
            return _date(record.modification_date)
    return [sentences.registry_text(value) for value in values if value]


def _date(cell: str) -> list[SafeString]:
    return [SafeString(escape(formats.registry_date(cell)))] if cell else []


def _count(token: CountToken, excerpt: RegistryExcerpt) -> str:
    statistics = excerpt.snapshot.statistics if excerpt.snapshot else {}
    counted = statistics.get("statuses", {}).get(token.range, {}).get(token.status)
    return escape(formats.number(counted) if counted is not None else _("not recorded"))


def _link(token: PortLink, page_language: Language) -> str:
    fragment = f"#{token.transport}" if token.transport else ""
    label = f"{token.port}/{token.transport}" if token.transport else str(token.port)
    address = reverse("port", args=[page_language, token.port]) + fragment
    return format_html('<a href="{}" dir="ltr">{}</a>', address, label)
