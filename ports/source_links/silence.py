"""Which sources do not answer, and why, for those who look after them."""

import hashlib
from collections.abc import Iterable
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ports.models import SourceLink
from ports.source_links.asking import Failure

FAILURES_OF_A_DEAD_LINK: Final = 3
"""In a row, on different days."""

_REASONS: Final[dict[str, Promise]] = {
    # Translators: these six say why a web page could not be had; they follow a colon.
    Failure.NO_NAME: gettext_lazy("its host is not found"),
    Failure.NO_CONNECTION: gettext_lazy("the connection fails"),
    Failure.TLS: gettext_lazy("its certificate is not valid"),
    Failure.TIMEOUT: gettext_lazy("no answer comes in time"),
    Failure.REDIRECTS: gettext_lazy("it redirects to nowhere"),
    Failure.PRIVATE_ADDRESS: gettext_lazy("it leads into a private network"),
}


def silent(urls: Iterable[str]) -> dict[str, SourceLink]:
    """Those of these addresses that are dead: they did not answer for a while. One query."""
    wanted = {digest(url) for url in urls}
    if not wanted:
        return {}
    dead = SourceLink.objects.filter(url_sha256__in=wanted, failures__gte=FAILURES_OF_A_DEAD_LINK)
    return {link.url: link for link in dead}


def digest(url: str) -> str:
    """What identifies an address in the table of links."""
    return hashlib.sha256(url.encode()).hexdigest()


def reason(link: SourceLink) -> str:
    """Why an address does not answer, in a few words of the active language."""
    if link.status is None:
        return str(_REASONS.get(link.failure, _REASONS[Failure.NO_CONNECTION]))
    # Translators: %(status)s is an HTTP status such as 404; it follows a colon.
    return _("its server answers %(status)s") % {"status": link.status}
