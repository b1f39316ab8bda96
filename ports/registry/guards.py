"""What a file must be like before it may replace what is stored."""

from collections.abc import Sequence
from operator import attrgetter, itemgetter
from string import digits
from typing import Final, NamedTuple

from ports.registry.reasons import FIGURE_REASONS, Reason, RegistryRefusedError
from ports.registry.records import Record, RejectedRow

MOST_REJECTED_ROWS: Final = 20
MOST_NAMES_GONE: Final = 0.02
"""The share of the named records that one refresh may lose; real ones lose a few a month."""
MOST_MODIFIED: Final = 0.05
"""The share of the records that one refresh may change: two years of real ones changed 0.02."""
MOST_ADDED: Final = 0.05
SENTINELS: Final = ((22, "ssh"), (80, "http"), (443, "https"), (49151, ""))
"""Ports that every registry has a record of, with a service name that is there; the last is the
last port that can be assigned."""

# How the cells of these columns begin, all of them in IANA's files: with a key in brackets, or with
# a digit. A column that was swapped with another stands out by that.
_BEGINNINGS: Final = {"assignee": "[", "contact": "[", "reference": "[", "service_code": digits}
_MOST_MISSHAPEN: Final = 0.1
_MOST_MISSHAPEN_OF_FEW: Final = 2


class Figures(NamedTuple):
    """What is to be judged: the records that are new or other, and how the state would change.

    `before` counts the stored records, 0 on a first load; `last_gone` names the last record of the
    stored file when it is not in the new one; `is_next` says that both are IANA's own, so that the
    new one must be a later state of the stored one.
    """

    come: Sequence[Record]
    rejected: Sequence[RejectedRow]
    named: int
    missing: Sequence[str]
    before: int
    named_before: int
    named_gone: int
    added: int
    modified: int
    last_gone: str
    newest: str
    newest_before: str
    is_next: bool
    rejected_before: int = 0


def check(figures: Figures, *, accepting: bool = False) -> None:
    """Raise RegistryRefusedError unless the file may replace what is stored.

    `accepting` says that a person accepts it against the figures; not that it is the registry.
    """
    for refusal in (*_shape(figures), *_state(figures), *_step(figures)):
        if not (accepting and refusal.reason in FIGURE_REASONS):
            raise refusal


def missing_sentinels(records: Sequence[Record]) -> list[str]:
    """The sentinels that no record stands for, as tools write ports."""
    wanted = dict(SENTINELS)
    able = [
        record
        for record in records
        if record.first_port in wanted or record.first_port != record.last_port
    ]
    for record in able:
        for number in [n for n in wanted if n in record.ports]:
            if wanted[number] in ("", record.service_name):
                del wanted[number]
    return [f"{name} {number}".strip() for number, name in wanted.items()]


def _shape(figures: Figures) -> list[RegistryRefusedError]:
    """Whether it is the registry at all."""
    found = []
    if not figures.named:
        found.append(RegistryRefusedError(Reason.NO_NAMES))
    for column, beginnings in _BEGINNINGS.items():
        cells = filter(None, map(attrgetter(column), figures.come))
        begun = "".join(map(itemgetter(0), cells))
        odd = len(begun) - sum(map(begun.count, beginnings))
        if odd > max(_MOST_MISSHAPEN_OF_FEW, len(begun) * _MOST_MISSHAPEN):
            found.append(RegistryRefusedError(Reason.SHAPE, column=column, count=odd))
    return found


def _state(figures: Figures) -> list[RegistryRefusedError]:
    """Whether it is whole."""
    found = []
    # Rows that cannot be read while names go missing are those names' rows, and were damaged.
    is_damaged = figures.is_next and figures.named_gone > 0
    most = figures.rejected_before if is_damaged else MOST_REJECTED_ROWS
    if len(figures.rejected) > most:
        first = figures.rejected[0]
        found.append(
            RegistryRefusedError(
                Reason.TOO_MANY_REJECTED,
                count=len(figures.rejected),
                most=most,
                line=first.line,
                error=first.reason,
            )
        )
    if figures.missing:
        found.append(RegistryRefusedError(Reason.SENTINEL, missing=", ".join(figures.missing)))
    return found


def _step(figures: Figures) -> list[RegistryRefusedError]:
    """Whether it is the next state of what is stored."""
    found = []
    shares = [(Reason.NAMES_GONE, figures.named_gone, figures.named_before, MOST_NAMES_GONE)]
    if figures.is_next:
        shares += [
            (Reason.MANY_MODIFIED, figures.modified, figures.before, MOST_MODIFIED),
            (Reason.MANY_ADDED, figures.added, figures.before, MOST_ADDED),
        ]
        if figures.last_gone:
            found.append(RegistryRefusedError(Reason.END_GONE, record=figures.last_gone))
    for reason, count, before, share in shares:
        most = int(before * share)
        if count > most and before:
            found.append(RegistryRefusedError(reason, count=count, before=before, most=most))
    if figures.is_next and figures.newest < figures.newest_before:
        found.append(
            RegistryRefusedError(Reason.OLDER, found=figures.newest, stored=figures.newest_before)
        )
    return found
