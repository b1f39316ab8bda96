"""Lists, page by page, each continued after the number that the last one ended with."""

from collections.abc import Callable, Collection, Iterator
from typing import Any, ClassVar, Final, NamedTuple
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from ports.api import schemas
from ports.api.addresses import own_path, site_url
from ports.api.parameters import LARGEST_KEY, Parameter, flag, integer, some_of
from ports.api.resource import Resource
from ports.api.schemas import Schema
from ports.languages import Language

USUAL: Final = 100
MOST: Final = 1000

LIMIT: Final = integer(
    "limit", f"How many results at most; {USUAL} without it.", least=1, most=MOST
)
AFTER: Final = integer(
    "after",
    "Only results after this number, as `next` has it. A result keeps its number for as long as it "
    "exists, so that nothing is skipped or given twice while the data change.",
    most=LARGEST_KEY,
)
COUNT: Final = flag("count", "Whether to count all results, on all pages.")


class Filter(NamedTuple):
    """A parameter that leaves results out."""

    parameter: Parameter
    condition: Callable[[Any], Q]


class Row(NamedTuple):
    """A result and the number that stands for its place."""

    key: int
    members: dict[str, Any]


def _page_of(result: Schema) -> Schema:
    """A page of a list, of whose results members may be left out."""
    said = {name: value for name, value in result.items() if name != "required"}
    page = schemas.an_object(
        results=schemas.a_list(said, maxItems=MOST),
        next=schemas.or_null(schemas.ADDRESS),
    )
    counted = {**page["properties"], "count": schemas.NUMBER}
    return {**page, "properties": counted}


class Listing(Resource):
    """A list of results. A subclass says of which rows, how they are shown, and what filters them.

    `result` says what each looks like; `fields` and `omit` name members of it.
    """

    header_names = ("Link",)

    result: ClassVar[Schema] = {}
    """What each result looks like, when nothing is left out of it."""
    members: ClassVar[tuple[str, ...]] = ()
    filters: ClassVar[tuple[Filter, ...]] = ()
    more_parameters: ClassVar[tuple[Parameter, ...]] = ()
    """Those that `queryset` reads."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.members = tuple(cls.result.get("properties", {}))
        cls.schema = _page_of(cls.result)
        cls.parameters = (
            *(each.parameter for each in cls.filters),
            *cls.more_parameters,
            AFTER,
            LIMIT,
            COUNT,
            some_of("fields", "Only these members of each result.", cls.members),
            some_of("omit", "All members of each result but these.", cls.members),
        )

    def queryset(self) -> QuerySet[Any, Any]:
        """All rows, in no order."""
        raise NotImplementedError

    key: ClassVar[str] = "id"
    """The column with the number that the list is in the order of."""

    def results(self, rows: QuerySet[Any, Any]) -> list[Row]:
        """How these rows are shown, in their order."""
        raise NotImplementedError

    @classmethod
    def whole(cls, language: Language) -> Iterator[dict[str, Any]]:
        """Every result, as one who asks in a language is given them, in the list's order."""
        listing = cls()
        listing.asked, listing.language, listing.languages = {}, language, set()
        page = listing.first_after(-1, MOST)
        while page:
            yield from (row.members for row in page)
            page = listing.first_after(page[-1].key, MOST)

    def body(self) -> Any:
        shown = self._shown_members()
        limit = self.asked.get("limit", USUAL)
        found = self.first_after(self.asked.get("after", -1), limit + 1)
        page = found[:limit]
        self._next = self._address_after(page[-1].key) if len(found) > limit else None
        body: dict[str, Any] = {
            "results": [
                row.members
                if shown is None
                else {name: value for name, value in row.members.items() if name in shown}
                for row in page
            ],
            "next": self._next,
        }
        if self.asked.get("count"):
            body["count"] = self.count()
        return body

    def first_after(self, key: int, most: int) -> list[Row]:
        """The first results after this number, at most so many."""
        rows = self._filtered().filter(**{f"{self.key}__gt": key}).order_by(self.key)
        return self.results(rows[:most])

    def is_filtered(self) -> bool:
        """Whether a filter was asked for."""
        return not self.asked.keys().isdisjoint(each.parameter.name for each in self.filters)

    def count(self) -> int:
        """How many results there are on all pages."""
        return self._filtered().count()

    def headers_of_body(self) -> dict[str, str]:
        return {"Link": f'<{self._next}>; rel="next"'} if self._next else {}

    def _filtered(self) -> QuerySet[Any, Any]:
        rows = self.queryset()
        for each in self.filters:
            if each.parameter.name in self.asked:
                rows = rows.filter(each.condition(self.asked[each.parameter.name]))
        return rows

    def _shown_members(self) -> Collection[str] | None:
        """The members to show; None for all."""
        if self.asked.keys() & {"fields", "omit"}:
            return self.asked.get("fields", {*self.members}) - self.asked.get("omit", set())
        return None

    def _address_after(self, key: int) -> str:
        query = {**self.request.query_params.dict(), "after": str(key)}
        return site_url(f"{own_path(self.request)}?{urlencode(query)}")
