"""What a file must be like before it may replace what is stored."""

from typing import Final

from ports.registry.records import Record, RejectedRow

MOST_REJECTED_ROWS: Final = 20
MOST_NAMED_ROWS_GONE: Final = 0.02
"""The share of the named records that one refresh may lose; real ones lose a few a month."""


class RegistryRefusedError(Exception):
    """The file is not believed; nothing was written. The message says why, with the figures."""


def check(records: list[Record], rejected: list[RejectedRow], *, named_before: int) -> None:
    """Raise RegistryRefusedError unless the rows read may replace what is stored.

    `named_before` is the number of stored records with a service name, 0 on the first load.
    """
    if len(rejected) > MOST_REJECTED_ROWS:
        first = rejected[0]
        raise RegistryRefusedError(
            f"{len(rejected)} rows were rejected, more than the {MOST_REJECTED_ROWS} allowed; "
            f"the first stands on line {first.line}: {first.reason}"
        )
    named = sum(1 for record in records if record.service_name)
    if not named:
        raise RegistryRefusedError("it holds no record with a service name")
    if named < named_before * (1 - MOST_NAMED_ROWS_GONE):
        raise RegistryRefusedError(
            f"it holds {named} named records where {named_before} are stored; "
            f"more than {MOST_NAMED_ROWS_GONE:.0%} would be lost at once"
        )
