"""What addresses begin with that are the site's own: no port and no service is meant by them."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from ports.languages import by_code

# Addresses the site will have: a short one that is given away once would change its meaning.
_ROOTS_TO_COME: Final = {
    *("api", "explain", "free-port", "metrics", "readyz"),
    *(".well-known", "favicon.ico", "opensearch.xml", "robots.txt", "sitemap.xml"),
}


def is_own(path: str) -> bool:
    """Whether a path, without its first slash, begins with a language or a root of the site."""
    root = path.partition("/")[0].casefold()
    return by_code(root) is not None or root in _site_roots()


@cache
def _site_roots() -> frozenset[str]:
    """What the site's addresses begin with, with or without a language before it."""
    static = settings.STATIC_URL.strip("/").partition("/")[0]
    return frozenset({static, *_ROOTS_TO_COME, *_roots(get_resolver().url_patterns)})


def _roots(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        route = str(pattern.pattern).removeprefix("<language:language>/")
        root = route.partition("/")[0]
        if root and not root.startswith("<"):
            yield root.casefold()
        elif isinstance(pattern, URLResolver) and not root:
            yield from _roots(pattern.url_patterns)
