"""The kinds of problems that answers tell of: each has an address, which says what to do.

The addresses stay, so that programs can tell problems apart by them (RFC 9457, section 3.1.1).
"""

from http import HTTPStatus
from typing import Final, NamedTuple

from django.urls import reverse

from ports.api.addresses import site_url


class ProblemType(NamedTuple):
    """A kind of problem: the end of its address, its status, and what is said of it in English."""

    slug: str
    status: HTTPStatus
    title: str
    meaning: str
    remedy: str

    @property
    def address(self) -> str:
        """What `type` says."""
        return site_url(reverse("api-problem", args=[self.slug]))


INVALID_PARAMETER: Final = ProblemType(
    "invalid-parameter",
    HTTPStatus.BAD_REQUEST,
    "Invalid parameter",
    "A query parameter is unknown at this address, is given more than once, or has a value that "
    "cannot be. Nothing is ever left out of account: a filter that is ignored would give more "
    "than was asked for.",
    "`errors` names each such `parameter` and says what it must be. The description of the API "
    "lists the parameters of each address.",
)
INVALID_BODY: Final = ProblemType(
    "invalid-body",
    HTTPStatus.BAD_REQUEST,
    "Invalid body",
    "What was sent was understood as JSON or text, but some of it cannot be as it is. Nothing of "
    "it was used.",
    "`errors` says for each `pointer` (a JSON Pointer, RFC 6901) what it must be.",
)
_BY_STATUS: Final = (
    ProblemType(
        "bad-request",
        HTTPStatus.BAD_REQUEST,
        "Bad request",
        "The request could not be read at all.",
        "`detail` says what is wrong with it.",
    ),
    ProblemType(
        "forbidden",
        HTTPStatus.FORBIDDEN,
        "Forbidden",
        "A vote came from a page of another site, or with a token that this site did not give.",
        "Send votes from no page, or from one of this site; use a token as it was given. Reading "
        "is never forbidden.",
    ),
    ProblemType(
        "not-found",
        HTTPStatus.NOT_FOUND,
        "Not found",
        "Nothing is at this address. Port numbers run from 0 to 65535, in ASCII digits; services "
        "have the names of the registry, in any letter case.",
        "`/api/v1/` lists the addresses.",
    ),
    ProblemType(
        "method-not-allowed",
        HTTPStatus.METHOD_NOT_ALLOWED,
        "Method not allowed",
        "This address cannot be asked with this method.",
        "`Allow` says with which it can. Everything is read with GET but what has to be sent "
        "first.",
    ),
    ProblemType(
        "not-acceptable",
        HTTPStatus.NOT_ACCEPTABLE,
        "Not acceptable",
        "`Accept` names no form that this address has.",
        "Ask for `application/json`, or for anything (`*/*`).",
    ),
    ProblemType(
        "conflict",
        HTTPStatus.CONFLICT,
        "Conflict",
        "An editor has read what a reader wrote, so that it is not replaced any more.",
        "What was sent first is kept; there is nothing to do.",
    ),
    ProblemType(
        "gone",
        HTTPStatus.GONE,
        "Gone",
        "The registry once had this service and has withdrawn it, or the day is over for which a "
        "token of a vote lasts.",
        "Of a service, `last_known` has the last records and `changes` what happened to them. A "
        "vote is counted and cannot be changed any more.",
    ),
    ProblemType(
        "precondition-failed",
        HTTPStatus.PRECONDITION_FAILED,
        "Precondition failed",
        "What `If-Match` or `If-Unmodified-Since` says does not hold any more.",
        "Ask without them, and take the new `ETag`.",
    ),
    ProblemType(
        "content-too-large",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "Content too large",
        "What was sent is larger than is taken at once.",
        "Send it in parts.",
    ),
    ProblemType(
        "unsupported-media-type",
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "Unsupported media type",
        "What was sent is in no form that this address understands.",
        "Send JSON, and say so: `Content-Type: application/json`.",
    ),
    ProblemType(
        "too-many-requests",
        HTTPStatus.TOO_MANY_REQUESTS,
        "Too many requests",
        "As many requests have come from one address as may come within a minute, or as many votes "
        "as it may give.",
        "Wait for as many seconds as `Retry-After` says. `RateLimit` tells with each answer how "
        "many requests are left. Asking again with a known `ETag` counts for nothing; the dumps "
        "have everything at once.",
    ),
    ProblemType(
        "internal-server-error",
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "Internal server error",
        "Something went wrong here. The request was not at fault.",
        "Ask again later.",
    ),
    ProblemType(
        "service-unavailable",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Service unavailable",
        "A vote could not be stored just now. It was not counted.",
        "Send it again after as many seconds as `Retry-After` says.",
    ),
)
TYPES: Final = {each.slug: each for each in (INVALID_PARAMETER, INVALID_BODY, *_BY_STATUS)}
_OF_STATUS: Final = {each.status: each for each in _BY_STATUS}


def of_status(status: HTTPStatus) -> ProblemType:
    """The kind of a problem of which nothing is known but its status."""
    return _OF_STATUS[status]
