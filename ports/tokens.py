"""The grammar of registry tokens and port links in editors' texts. Pure.

    {service 3440/tcp}      {status 3144/tcp}       {description 3440/tcp}
    {assignee 3440/tcp}     {registered 3440/tcp}   {modified 3440/tcp}
    {assignee 80/tcp http}  one of several names
    {count assigned user}   how many ports of a range have a status
    [[5307]]  [[5307/tcp]]  a link to the page of a port

A token is shown as what the registry says today, in the reader's language.
"""

import re
from enum import StrEnum
from typing import Final, NamedTuple

from ports.registry.records import LAST_PORT, PortRange, Status, Transport


class Fact(StrEnum):
    """What a token shows of a port on a transport protocol."""

    SERVICE = "service"
    STATUS = "status"
    DESCRIPTION = "description"
    ASSIGNEE = "assignee"
    REGISTERED = "registered"
    MODIFIED = "modified"


class FactToken(NamedTuple):
    """A fact on `port` and `transport`, of the record `name` where there are several; else ""."""

    fact: Fact
    port: int
    transport: Transport
    name: str


class CountToken(NamedTuple):
    """How many ports of a range have a status on TCP or UDP."""

    status: Status
    range: PortRange


class PortLink(NamedTuple):
    """A link to the page of a port, or to what it says of one transport protocol."""

    port: int
    transport: Transport | None


type RegistryToken = FactToken | CountToken | PortLink

VALID_FORMS: Final = (
    *(f"{{{fact} 3440/tcp}}" for fact in Fact),
    "{assignee 80/tcp http}",
    "{count assigned user}",
    "[[5307]]",
    "[[5307/tcp]]",
)
"""An example of each form, for whoever wrote something else."""

# What looks like a token, valid or not: other braces are text.
TOKEN: Final = re.compile(r"\{([A-Za-z][^{}\n]*)\}")
PORT_LINK: Final = re.compile(r"\[\[([^\[\]\n]*)\]\]")
FOOTNOTE: Final = re.compile(r"\[\^([^\[\]\s]+)\]")

_PORT: Final = re.compile(r"(0|[1-9][0-9]{0,4})", re.ASCII)


class Fault(StrEnum):
    """What is wrong with a token."""

    UNKNOWN_TOKEN = "unknown token"  # noqa: S105 - no secret
    NO_SUCH_PORT = "no such port"
    NO_SUCH_TRANSPORT = "no such transport"
    NO_SUCH_STATUS = "no such status"
    NO_SUCH_RANGE = "no such range"


class TokenError(ValueError):
    """Something that looks like a token and is none; `text` is the part at fault."""

    def __init__(self, fault: Fault, text: str) -> None:
        super().__init__(f"{fault}: {text}")
        self.fault = fault
        self.text = text


def parse_token(inside: str) -> FactToken | CountToken:
    """The token whose braces hold `inside`; raises TokenError."""
    words = inside.split()
    match words:
        case ["count", status, port_range]:
            return CountToken(
                _member(Status, status, Fault.NO_SUCH_STATUS),
                _member(PortRange, port_range, Fault.NO_SUCH_RANGE),
            )
        case [fact, where] if fact in Fact:
            return FactToken(Fact(fact), *_port_and_transport(where), name="")
        case [fact, where, name] if fact in Fact and fact != Fact.STATUS:
            return FactToken(Fact(fact), *_port_and_transport(where), name=name)
    raise TokenError(Fault.UNKNOWN_TOKEN, f"{{{inside}}}")


def parse_port_link(inside: str) -> PortLink:
    """The link whose double brackets hold `inside`; raises TokenError."""
    number, slash, transport = inside.partition("/")
    return PortLink(_port(number), _transport(transport, inside) if slash else None)


def _port_and_transport(where: str) -> tuple[int, Transport]:
    number, _slash, transport = where.partition("/")
    return _port(number), _transport(transport, where)


def _transport(value: str, where: str) -> Transport:
    if not value:
        raise TokenError(Fault.NO_SUCH_TRANSPORT, where)
    return _member(Transport, value, Fault.NO_SUCH_TRANSPORT)


def _port(number: str) -> int:
    if _PORT.fullmatch(number) is None or int(number) > LAST_PORT:
        raise TokenError(Fault.NO_SUCH_PORT, number)
    return int(number)


def _member[Choice: StrEnum](choices: type[Choice], value: str, fault: Fault) -> Choice:
    try:
        return choices(value)
    except ValueError:
        raise TokenError(fault, value) from None
