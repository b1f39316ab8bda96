"""The map of the port space on the front page: a cell for each block of ports."""

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString

from ports.languages import Language
from ports.registry.statistics import BLOCK_SIZE

# How many of a block's ports have a registered service, above which it is shown a level fuller.
_LEVELS = (0, 15, 63, 127, 191)


def port_map(language: Language, named_ports: list[int]) -> SafeString:
    """List items, one per block, that lead to its page of the list of ports.

    `named_ports` tells, per block of BLOCK_SIZE from port 0 up, how many ports have a registered
    service. Built here and not in the template, where 256 cells cost ten times as much.
    """
    address = escape(reverse("browse", args=[language]))
    return SafeString(
        "".join(_cell(address, block, named) for block, named in enumerate(map(int, named_ports)))
    )


def _cell(address: str, block: int, named: int) -> str:
    label = f"{block * BLOCK_SIZE}–{(block + 1) * BLOCK_SIZE - 1}: {named}"
    level = sum(named > threshold for threshold in _LEVELS)
    return (
        f'<li><a class="level-{level}" href="{address}?page={block + 1}" title="{label}">'
        f'<span class="visually-hidden">{label}</span></a></li>'
    )
