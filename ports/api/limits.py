"""How often one address may ask: as often as anybody should need to, and everyone is told.

An answer that the client has already (304) counts for nothing.
"""

import math
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from ports.api.problems import Problem
from ports.clients import counters, day_key
from ports.clients.address import address_of

SECONDS: Final = 60
HEADERS: Final = ("RateLimit", "RateLimit-Policy")
"""As draft-ietf-httpapi-ratelimit-headers-11 has them."""

_POLICY: Final = "address"


def use(request: HttpRequest, cost: int = 1) -> dict[str, str]:
    """Count a request for as many as it costs; what to tell of the limit in its answer's headers.

    Raises a Problem, 429, for one too many. What cannot be counted is let through.
    """
    most = settings.API_REQUESTS_PER_MINUTE
    if not most:
        return {}
    key = day_key.key_of(datetime.now(UTC).date())
    used = counters.count(day_key.word(key, "api", address_of(request)), seconds=SECONDS, by=cost)
    if used is None:
        return {}
    reset = max(1, math.ceil(used.seconds_left))
    headers = {
        "RateLimit-Policy": f'"{_POLICY}";q={most};w={SECONDS}',
        "RateLimit": f'"{_POLICY}";r={max(0, most - used.times)};t={reset}',
    }
    if used.times > most:
        raise Problem(
            HTTPStatus.TOO_MANY_REQUESTS,
            _(
                "As many requests as one address may send within a minute have come from yours. "
                "The Retry-After header says in how many seconds you can go on."
            ),
            headers={**headers, "Retry-After": str(reset)},
        )
    return headers
