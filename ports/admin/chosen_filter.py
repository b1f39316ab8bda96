"""A filter of a list of which one choice is always made."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib import admin


class ChosenFilter(admin.SimpleListFilter):
    """A filter whose choice is `default` where nobody made another; none is called "All"."""

    default: ClassVar[str]

    def value(self) -> str:
        chosen = super().value()
        return chosen if chosen in dict(self.lookup_choices) else self.default

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice, title in self.lookup_choices:
            yield {
                "selected": self.value() == choice,
                "query_string": changelist.get_query_string({self.parameter_name: choice}),
                "display": title,
            }
