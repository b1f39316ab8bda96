"""Where everything is, and how often it may be asked for."""

from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from ports.api.addresses import site_url
from ports.api.limits import SECONDS
from ports.api.resource import Resource
from ports.api.schemas import ADDRESS, NUMBER, an_object, or_null

_LISTS: Final = (
    "ports", "services", "assignments", "usages", "histories", "faqs", "ranges", "changes",
    "publications", "registry", "stats", "languages", "lookup", "suggest", "search",
)  # fmt: skip


class Index(Resource):
    """The addresses of the API, and how often one client may ask."""

    schema = an_object(
        **dict.fromkeys(_LISTS, ADDRESS),
        description=ADDRESS,
        documentation=ADDRESS,
        dumps=ADDRESS,
        limit=or_null(
            an_object(
                "How many requests one address may send within so many seconds; null for as many "
                "as it likes.",
                requests=NUMBER,
                seconds=NUMBER,
            )
        ),
    )

    def versions(self) -> tuple[object, ...]:
        return (*super().versions(), settings.API_REQUESTS_PER_MINUTE)

    def modified(self) -> int | None:
        return None

    def body(self) -> Any:
        most = settings.API_REQUESTS_PER_MINUTE
        return {
            **{name: site_url(reverse(f"api-{name}")) for name in _LISTS},
            "description": site_url(reverse("api-description")),
            "documentation": site_url(reverse("api-reference")),
            "dumps": site_url(reverse("dumps-manifest")),
            "limit": {"requests": most, "seconds": SECONDS} if most else None,
        }
