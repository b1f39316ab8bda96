"""Why a refresh did not bring the registry: each reason by name, and as a sentence with figures."""

from enum import StrEnum
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Reason(StrEnum):
    """What was wrong with a file, or with getting it."""

    # It could not be had.
    NOT_READABLE = "not_readable"
    NOT_REACHABLE = "not_reachable"
    NO_ANSWER_IN_TIME = "no_answer_in_time"
    STATUS = "status"
    # What came was no whole file from where it should come.
    TOO_LARGE = "too_large"
    CUT_SHORT = "cut_short"
    END_UNKNOWN = "end_unknown"
    ENCODING = "encoding"
    REDIRECT = "redirect"
    PRIVATE_ADDRESS = "private_address"
    # It is not the registry.
    NOT_TEXT = "not_text"
    UNFINISHED = "unfinished"
    TOO_MANY_LINES = "too_many_lines"
    LINE_TOO_LONG = "line_too_long"
    HEADER = "header"
    SHAPE = "shape"
    COMPILED = "compiled"
    # It looks like the registry, but not like the next state of it.
    TOO_MANY_REJECTED = "too_many_rejected"
    SENTINEL = "sentinel"
    NO_NAMES = "no_names"
    NAMES_GONE = "names_gone"
    END_GONE = "end_gone"
    MANY_MODIFIED = "many_modified"
    MANY_ADDED = "many_added"
    OLDER = "older"
    # The worker's own.
    FILE_GONE = "file_gone"
    WORKER_DIED = "worker_died"
    ERROR = "error"


FIGURE_REASONS: Final = frozenset(
    {
        Reason.TOO_MANY_REJECTED,
        Reason.SENTINEL,
        Reason.NAMES_GONE,
        Reason.END_GONE,
        Reason.MANY_MODIFIED,
        Reason.MANY_ADDED,
        Reason.OLDER,
    }
)
"""Those a person may judge otherwise: the file is well-formed, only its figures are odd."""

_SENTENCES: Final[dict[Reason, Promise]] = {
    Reason.NOT_READABLE: _("%(source)s cannot be read: %(error)s"),
    Reason.NOT_REACHABLE: _("%(source)s could not be downloaded: %(error)s"),
    Reason.NO_ANSWER_IN_TIME: _("%(source)s did not end within %(seconds)s seconds"),
    Reason.STATUS: _("%(source)s answered %(status)s instead of 200"),
    Reason.TOO_LARGE: _("%(source)s holds more than %(limit)s bytes"),
    Reason.CUT_SHORT: _("%(source)s did not arrive as a whole: %(error)s"),
    Reason.END_UNKNOWN: _(
        "%(source)s did not say how long its answer is, so that a whole one cannot be told from "
        "one that was cut short"
    ),
    Reason.ENCODING: _("%(source)s came in an encoding that was not asked for: %(encoding)s"),
    Reason.REDIRECT: _(
        "%(source)s redirected to %(target)s, which is not followed: at most %(most)s times, only "
        "to the allowed hosts, and never from https to http"
    ),
    Reason.PRIVATE_ADDRESS: _(
        "%(host)s has the address %(address)s, which is not public; only a host that the settings "
        "name may have one"
    ),
    Reason.NOT_TEXT: _("it is not UTF-8 text: %(error)s"),
    Reason.UNFINISHED: _("its last line has no end, as when a file is cut short"),
    Reason.TOO_MANY_LINES: _("it is not the registry: it has more than %(most)s lines"),
    Reason.LINE_TOO_LONG: _("it is not the registry: a line has more than %(most)s bytes"),
    Reason.HEADER: _("it is not the registry: expected the columns %(expected)s; found %(found)s"),
    Reason.SHAPE: _(
        "it is not the registry: %(count)s cells of the column %(column)s look otherwise"
    ),
    Reason.COMPILED: _("a compiled snapshot never replaces IANA’s own registry"),
    Reason.TOO_MANY_REJECTED: _(
        "rows that cannot be read: %(count)s; the limit is %(most)s; the first stands on line "
        "%(line)s: %(error)s"
    ),
    Reason.SENTINEL: _("it lacks what must be in it: %(missing)s"),
    Reason.NO_NAMES: _("it holds no record with a service name"),
    Reason.NAMES_GONE: _(
        "records with a service name that would be lost: %(count)s of %(before)s; the limit is "
        "%(most)s"
    ),
    Reason.END_GONE: _(
        "it ends early: the last record of the stored registry, %(record)s, is not in it"
    ),
    Reason.MANY_MODIFIED: _(
        "records that would change: %(count)s of %(before)s; the limit is %(most)s"
    ),
    Reason.MANY_ADDED: _(
        "records that would be added: %(count)s to %(before)s; the limit is %(most)s"
    ),
    Reason.OLDER: _(
        "its newest date is %(found)s, older than that of the stored registry: %(stored)s"
    ),
    Reason.FILE_GONE: _("the refused file is not kept any more"),
    Reason.WORKER_DIED: _("the program that worked on it ended without a word, %(count)s times"),
    Reason.ERROR: _("an error of this program: %(error)s"),
}


class RefreshError(Exception):
    """A refresh came to nothing; `reason` and `figures` say why, the message as a sentence."""

    def __init__(self, reason: Reason, **figures: Any) -> None:
        self.reason = reason
        self.figures = figures
        super().__init__(reason, figures)

    def __str__(self) -> str:
        return sentence(self.reason, self.figures)


class FetchError(RefreshError):
    """The file could not be had."""


class RegistryRefusedError(RefreshError):
    """The file is not believed; nothing was written."""


def sentence(reason: str, figures: dict[str, Any]) -> str:
    """A reason as a sentence in the active language, without a full stop."""
    return str(_SENTENCES[Reason(reason)]) % figures
