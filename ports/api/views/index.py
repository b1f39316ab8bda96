"""Where everything is."""

from typing import Any, Final

from django.urls import reverse

from ports.api.resource import Resource, site_url
from ports.api.schemas import ADDRESS, an_object

_LISTS: Final = (
    "ports", "services", "assignments", "usages", "histories", "faqs", "ranges", "changes",
    "registry", "stats", "languages",
)  # fmt: skip


class Index(Resource):
    """The addresses of the API."""

    schema = an_object(**dict.fromkeys(_LISTS, ADDRESS))

    def body(self) -> Any:
        return {name: site_url(reverse(f"api-{name}")) for name in _LISTS}
