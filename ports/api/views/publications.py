"""What was published and what was withdrawn, so that who keeps texts can follow."""

from typing import Any, Final

from django.db.models import Q, QuerySet

from ports.api import shapes
from ports.api.listing import Filter, Listing, Row
from ports.api.parameters import LARGEST_KEY, integer
from ports.api.schemas import MOMENT, NUMBER, PORT, TAG, an_object, or_null
from ports.api.schemas import one_of as schema_of
from ports.languages import by_code
from ports.models import Document, PublicationEvent

_SEEN: Final = {
    PublicationEvent.Action.PUBLISHED: "published",
    PublicationEvent.Action.UNPUBLISHED: "withdrawn",
    PublicationEvent.Action.EXPIRED: "withdrawn",
}


class Publications(Listing):
    """That documents were published or withdrawn in a language, in the order in which it was done.

    What is withdrawn in English is withdrawn in all languages.
    """

    result = an_object(
        "What happened to a document in a language.",
        id=NUMBER,
        at=MOMENT,
        action=schema_of([*dict.fromkeys(_SEEN.values())]),
        document=NUMBER,
        kind=schema_of(Document.Kind.values),
        port=or_null(PORT),
        language=TAG,
    )
    filters = (
        Filter(
            integer(
                "since",
                "Only after the publication with this number: what `last_publication` of the "
                "stats said when somebody last looked, or the last `id` they saw.",
                most=LARGEST_KEY,
            ),
            lambda number: Q(id__gt=number),
        ),
        Filter(
            integer("document", "Only of the document with this number.", most=LARGEST_KEY),
            lambda number: Q(edition__document=number),
        ),
    )

    def queryset(self) -> QuerySet[Any, Any]:
        return PublicationEvent.objects.filter(action__in=_SEEN).values_list(
            "id",
            "at",
            "action",
            "edition__document",
            "edition__document__kind",
            "edition__document__port",
            "edition__language",
        )

    def results(self, rows: QuerySet[Any, Any]) -> list[Row]:
        found = []
        for pk, at, action, document, kind, port, code in rows:
            language = by_code(code)
            said = {
                "id": pk,
                "at": shapes.moment(at),
                "action": _SEEN[action],
                "document": document,
                "kind": kind,
                "port": port,
                "language": language.tag if language else code,
            }
            found.append(Row(pk, said))
        return found
