"""What stands on the pages of ports and services, as HTML or as plain text."""

from dataclasses import dataclass

from ports.change_facts import ToldChange, concerns, last_known, name_before, told
from ports.editorial import page_content
from ports.editorial.page_content import LiveDocument
from ports.editorial.rendering import PageTexts, page_texts
from ports.languages import Language
from ports.models import Assignment, RegistryChange, Snapshot
from ports.port_facts import (
    PortFacts,
    Registration,
    port_facts,
    registrations,
    remarks,
    shown_beside,
)
from ports.registry.changes import ChangeKind
from ports.registry_excerpt import registry_excerpt
from ports.web.timeline import Event, timeline


@dataclass(frozen=True, slots=True)
class PortContent:
    """A port: registry facts, what editors wrote, and everything dated."""

    facts: PortFacts
    texts: PageTexts
    timeline: list[Event]


@dataclass(frozen=True, slots=True)
class ServiceContent:
    """A service: its registrations, its explanation, what changed."""

    name: str
    texts: PageTexts
    registrations: tuple[Registration, ...]
    remarks: tuple[str, ...]
    other_names: list[str]
    changes: list[ToldChange]
    snapshot: Snapshot | None

    @property
    def ports(self) -> list[tuple[int, int]]:
        """The spans of ports that it is registered on, in order."""
        return sorted(
            {
                (each.first_port, each.last_port)
                for each in self.registrations
                if each.first_port is not None and each.last_port is not None
            }
        )


@dataclass(frozen=True, slots=True)
class GoneServiceContent:
    """A service that no record carries any more: its last known facts.

    `since` is the first state of the registry without it, `new_names` what it was renamed to.
    """

    name: str
    since: Snapshot
    new_names: list[str]
    registrations: tuple[Registration, ...]
    remarks: tuple[str, ...]
    changes: list[ToldChange]
    snapshot: Snapshot | None


def port_content(language: Language, number: int, documents: list[LiveDocument]) -> PortContent:
    """The content of a port's page with these documents on it."""
    excerpt = registry_excerpt(
        {*shown_beside(number), *page_content.cited_ports(documents)},
        changes_of=number,
    )
    facts = port_facts(number, excerpt)
    texts = page_texts(documents, excerpt, language)
    changes = told(change for change in excerpt.changes if concerns(change, number))
    return PortContent(
        facts, texts, timeline(texts.history, facts.registrations, changes, language)
    )


def service_content(
    language: Language, name: str, records: list[Assignment], documents: list[LiveDocument]
) -> ServiceContent:
    """The content of a service's page with these records and documents on it."""
    excerpt = registry_excerpt(page_content.cited_ports(documents), changes_of=name)
    return ServiceContent(
        name=name,
        texts=page_texts(documents, excerpt, language),
        registrations=registrations(records),
        remarks=remarks(records),
        other_names=Assignment.objects.other_names_of(name),
        changes=told(excerpt.changes),
        snapshot=excerpt.snapshot,
    )


def gone_service_content(name: str, changes: list[RegistryChange]) -> GoneServiceContent:
    """The content of the page of a name that is gone; `changes` are its own, newest first."""
    leaving = [change for change in changes if name_before(change) == name]
    since = leaving[0].snapshot
    records = last_known(change for change in leaving if change.snapshot_id == since.pk)
    return GoneServiceContent(
        name=name,
        since=since,
        new_names=list(
            dict.fromkeys(
                change.service_name for change in leaving if change.kind == ChangeKind.RENAMED
            )
        ),
        registrations=registrations(records),
        remarks=remarks(records),
        changes=told(changes),
        snapshot=Snapshot.objects.current(),
    )
