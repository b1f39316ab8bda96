"""What editors wrote, across all ports: usages, events in ports' histories, questions."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final, NamedTuple

from django.db.models import QuerySet

from ports.api.listing import Listing, Row
from ports.api.parameters import LARGEST_KEY, Parameter, integer, one_of
from ports.api.schemas import NUMBER, PORT, a_list, component, with_members
from ports.api.texts import DocumentTexts
from ports.editorial import page_content
from ports.editorial.page_content import LiveDocument, Part
from ports.models import FAQ, History, PublicationEvent, Usage
from ports.registry.records import LAST_PORT, Transport
from ports.registry_excerpt import registry_excerpt

SOURCES: Final = a_list(component("Source"))
_AT_ONCE: Final = 200


class _Place(NamedTuple):
    """A part by its numbers: its own, its uuid as revisions have it, and its document's."""

    key: int
    uuid: str
    document: int


_UPDATED_SINCE: Final = integer(
    "updated_since",
    "Only of documents that were published, in any language, after the publication with this "
    "number: `last_publication` of the stats, when somebody last looked. What was withdrawn stands "
    "in the publications.",
    most=LARGEST_KEY,
)


class _Live(NamedTuple):
    """A part that readers see, by its number."""

    key: int
    document: LiveDocument
    part: Part


class Written(Listing):
    """Parts of live documents. Of the rows that editors work on only the numbers are asked."""

    part: ClassVar[str]
    document: ClassVar[str]
    """What leads from a row to its document."""

    def places(self) -> QuerySet[Any, Any]:
        """The rows whose documents readers see something of, in no order."""
        raise NotImplementedError

    def is_asked(self, part: Part) -> bool:
        """Whether the live part is one of those that the parameters ask for."""
        raise NotImplementedError

    def members_of(self, part: Mapping[str, Any], document: LiveDocument) -> dict[str, Any]:
        """The members of a result, given those that the part makes."""
        raise NotImplementedError

    def first_after(self, key: int, most: int) -> list[Row]:
        live: list[_Live] = []
        for places in self._batches(key):
            live += self._live(places)
            if len(live) >= most:
                break
        return self._shown(live[:most])

    def count(self) -> int:
        return sum(len(self._live(places)) for places in self._batches(-1))

    def _batches(self, key: int) -> Iterator[list[_Place]]:
        while True:
            rows = self._changed().filter(pk__gt=key).order_by("pk")
            batch = [
                _Place(pk, str(uuid), document)
                for pk, uuid, document in rows.values_list("pk", "uuid", self.document)[:_AT_ONCE]
            ]
            if not batch:
                return
            yield batch
            key = batch[-1].key

    def _changed(self) -> QuerySet[Any, Any]:
        rows = self.places()
        if "updated_since" not in self.asked:
            return rows
        since = PublicationEvent.objects.filter(id__gt=self.asked["updated_since"]).order_by()
        return rows.filter(**{f"{self.document}__in": since.values("edition__document")})

    def _live(self, places: Sequence[_Place]) -> list[_Live]:
        """Of the parts in these places those that are live and asked for."""
        documents = page_content.of_documents({each.document for each in places}, self.language)
        parts = {
            part.fields["uuid"]: (document, part)
            for document in documents
            for part in document.of_kind(self.part)
            if self.is_asked(part)
        }
        return [_Live(each.key, *parts[each.uuid]) for each in places if each.uuid in parts]

    def _shown(self, live: Sequence[_Live]) -> list[Row]:
        documents = {each.document.id: each.document for each in live}
        excerpt = registry_excerpt(page_content.cited_ports([*documents.values()]))
        found = []
        for key, document, part in live:
            texts = DocumentTexts([document], excerpt, self.language)
            members = self.members_of(texts.part(document, part), document)
            self.languages |= texts.languages
            found.append(Row(key, {"id": key, "document": document.id, **members}))
        return found


class _OfPorts(Written):
    """Parts of the documents of ports."""

    document = "port__document"
    model: ClassVar[type[FAQ | History]]
    more_parameters: ClassVar[tuple[Parameter, ...]] = (
        integer("port", "Of this port number.", most=LAST_PORT),
        _UPDATED_SINCE,
    )

    def places(self) -> QuerySet[Any, Any]:
        rows: QuerySet[Any] = self.model._default_manager.filter(
            port__document__live_first_port__isnull=False
        )
        if "port" in self.asked:
            rows = rows.filter(port=self.asked["port"])
        return rows

    def is_asked(self, part: Part) -> bool:  # noqa: ARG002 - `places` has asked
        return True

    def members_of(self, part: Mapping[str, Any], document: LiveDocument) -> dict[str, Any]:
        return {"port": document.port, **part}


class Histories(_OfPorts):
    """Dated events in the lives of ports."""

    part = "history"
    model = History
    result = with_members("History", id=NUMBER, document=NUMBER, port=PORT, sources=SOURCES)


class Faqs(_OfPorts):
    """Questions about ports, and their answers."""

    part = "faq"
    model = FAQ
    result = with_members("Faq", id=NUMBER, document=NUMBER, port=PORT, sources=SOURCES)


class Usages(Written):
    """What really uses ports besides what they are registered for, malware among it."""

    part = "usage"
    document = "document"
    result = with_members("Usage", id=NUMBER, document=NUMBER, sources=SOURCES)
    more_parameters = (
        integer("port", "On this port number.", most=LAST_PORT),
        one_of("kind", "Of this kind.", Usage.Kind.values),
        one_of("protocol", "On this transport protocol, or on all.", [*Transport]),
        _UPDATED_SINCE,
    )

    def places(self) -> QuerySet[Any, Any]:
        rows = Usage.objects.filter(document__live_first_port__isnull=False)
        if "port" in self.asked:
            rows = rows.filter(
                document__live_first_port__lte=self.asked["port"],
                document__live_last_port__gte=self.asked["port"],
            )
        return rows

    def is_asked(self, part: Part) -> bool:
        kind, protocol = self.asked.get("kind"), self.asked.get("protocol")
        return (kind is None or part.fields["kind"] == kind) and (
            protocol is None or part.fields["transport"] in {"", protocol}
        )

    def members_of(self, part: Mapping[str, Any], document: LiveDocument) -> dict[str, Any]:  # noqa: ARG002 - a usage says itself where it is
        return {**part}
