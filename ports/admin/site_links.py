"""Which addresses in texts would be pages of this site, and are none."""

from collections.abc import Callable, Iterable
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db.models.functions import Lower
from django.urls import Resolver404, ResolverMatch, resolve

from ports.models import Assignment


def nowhere(links: Iterable[str]) -> Callable[[str], bool]:
    """Says of each of these addresses whether it leads to no page of this site.

    At most one query, for the services among them; other sites' addresses are never meant.
    """
    found = {link: _page(path) for link in links if (path := _path(link)) is not None}
    names = {link: _service(match) for link, match in found.items() if match is not None}
    known = _registered({name.lower() for name in names.values() if name})

    def leads_nowhere(link: str) -> bool:
        if link not in found:
            return False
        name = names.get(link, "")
        return found[link] is None or bool(name and name.lower() not in known)

    return leads_nowhere


def _path(link: str) -> str | None:
    """The path on this site that an address leads to; None for one of another site."""
    own = link.removeprefix(settings.SITE_URL)
    if own and (not own.startswith("/") or own.startswith("//")):
        return None
    return unquote(urlsplit(own).path) or "/"


def _page(path: str) -> ResolverMatch | None:
    for tried in (path, f"{path}/"):
        try:
            match = resolve(tried)
        except Resolver404:
            continue
        # Editors' own pages are none for readers.
        return None if "admin" in match.namespaces or "\x00" in path else match
    return None


def _service(match: ResolverMatch) -> str:
    """The service whose page it is, long or short; "" for another page."""
    return str(match.kwargs.get("name", "")).removesuffix("/")


def _registered(names: set[str]) -> set[str]:
    if not names:
        return set()
    rows = Assignment.objects.alias(name_lower=Lower("service_name")).filter(name_lower__in=names)
    return {name.lower() for name in rows.order_by().values_list("service_name", flat=True)}
