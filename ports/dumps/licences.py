"""Under which licence each download is."""

from typing import Final, NamedTuple


class Licence(NamedTuple):
    """A licence by its SPDX identifier, where it is written, and what it says of a file here."""

    spdx: str
    url: str
    statement: str


CC0: Final = Licence(
    "CC0-1.0",
    "https://creativecommons.org/publicdomain/zero/1.0/",
    "IANA and the IETF dedicate the protocol registries to the public domain, and Portsite what "
    "it derives from them.",
)
CC_BY: Final = Licence(
    "CC-BY-4.0",
    "https://creativecommons.org/licenses/by/4.0/",
    "Texts by the editors of Portsite: name Portsite and the address of the page, link the "
    "licence, and say what you changed.",
)
