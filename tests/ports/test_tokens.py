"""The grammar of tokens and port links: what is one, and what is wrong with what is none."""

import re
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ports.registry.records import PortRange, Status, Transport
from ports.tokens import (
    FOOTNOTE,
    PORT_LINK,
    TOKEN,
    VALID_FORMS,
    CountToken,
    Fact,
    FactToken,
    Fault,
    PortLink,
    TokenError,
    parse_port_link,
    parse_token,
)
from tests.data import traps

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("inside", "token"),
    [
        ("service 3440/tcp", FactToken(Fact.SERVICE, 3440, Transport.TCP, "")),
        ("status 3144/tcp", FactToken(Fact.STATUS, 3144, Transport.TCP, "")),
        ("description 3440/udp", FactToken(Fact.DESCRIPTION, 3440, Transport.UDP, "")),
        ("assignee 22/sctp", FactToken(Fact.ASSIGNEE, 22, Transport.SCTP, "")),
        ("registered 9/dccp", FactToken(Fact.REGISTERED, 9, Transport.DCCP, "")),
        ("modified 65535/tcp", FactToken(Fact.MODIFIED, 65535, Transport.TCP, "")),
        ("status 0/udp", FactToken(Fact.STATUS, 0, Transport.UDP, "")),
        ("assignee 80/tcp http", FactToken(Fact.ASSIGNEE, 80, Transport.TCP, "http")),
        ("service 66/tcp sql*net", FactToken(Fact.SERVICE, 66, Transport.TCP, "sql*net")),
        ("service 172/tcp cl/1", FactToken(Fact.SERVICE, 172, Transport.TCP, "cl/1")),
        ("service   3440/tcp", FactToken(Fact.SERVICE, 3440, Transport.TCP, "")),
        ("service 3440/tcp ", FactToken(Fact.SERVICE, 3440, Transport.TCP, "")),
        ("count assigned user", CountToken(Status.ASSIGNED, PortRange.USER)),
        ("count dynamic dynamic", CountToken(Status.DYNAMIC, PortRange.DYNAMIC)),
    ],
)
def test_a_token_is_read_in_each_of_its_forms(inside: str, token: FactToken | CountToken) -> None:
    assert parse_token(inside) == token


@pytest.mark.parametrize("fact", Fact)
@pytest.mark.parametrize("transport", Transport)
def test_every_fact_can_be_asked_of_every_transport(fact: Fact, transport: Transport) -> None:
    assert parse_token(f"{fact} 80/{transport}") == FactToken(fact, 80, transport, "")


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("port_range", PortRange)
def test_every_status_can_be_counted_in_every_range(status: Status, port_range: PortRange) -> None:
    assert parse_token(f"count {status} {port_range}") == CountToken(status, port_range)


@pytest.mark.parametrize("fact", [fact for fact in Fact if fact != Fact.STATUS])
def test_every_fact_but_the_status_can_be_asked_of_one_of_several_names(fact: Fact) -> None:
    assert parse_token(f"{fact} 80/tcp www-http") == FactToken(fact, 80, Transport.TCP, "www-http")


@pytest.mark.parametrize(
    ("inside", "link"),
    [
        ("5307", PortLink(5307, None)),
        ("0", PortLink(0, None)),
        ("65535", PortLink(65535, None)),
        *((f"5307/{transport}", PortLink(5307, transport)) for transport in Transport),
    ],
)
def test_a_link_names_a_port_and_perhaps_a_transport(inside: str, link: PortLink) -> None:
    assert parse_port_link(inside) == link


@pytest.mark.parametrize(
    ("inside", "fault", "text"),
    [
        ("", Fault.UNKNOWN_TOKEN, "{}"),
        ("service", Fault.UNKNOWN_TOKEN, "{service}"),
        ("Service 3440/tcp", Fault.UNKNOWN_TOKEN, "{Service 3440/tcp}"),
        ("contact 3440/tcp", Fault.UNKNOWN_TOKEN, "{contact 3440/tcp}"),
        ("SERVICE 3440/tcp", Fault.UNKNOWN_TOKEN, "{SERVICE 3440/tcp}"),
        ("status 80/tcp http", Fault.UNKNOWN_TOKEN, "{status 80/tcp http}"),
        ("service 80/tcp http www", Fault.UNKNOWN_TOKEN, "{service 80/tcp http www}"),
        ("3440/tcp", Fault.UNKNOWN_TOKEN, "{3440/tcp}"),
        ("print $1", Fault.UNKNOWN_TOKEN, "{print $1}"),
        ("count", Fault.UNKNOWN_TOKEN, "{count}"),
        ("count assigned", Fault.UNKNOWN_TOKEN, "{count assigned}"),
        ("count assigned user tcp", Fault.UNKNOWN_TOKEN, "{count assigned user tcp}"),
        ("service 65536/tcp", Fault.NO_SUCH_PORT, "65536"),
        ("service 99999/tcp", Fault.NO_SUCH_PORT, "99999"),
        ("service 100000/tcp", Fault.NO_SUCH_PORT, "100000"),
        ("service -1/tcp", Fault.NO_SUCH_PORT, "-1"),
        ("service +80/tcp", Fault.NO_SUCH_PORT, "+80"),
        ("service 080/tcp", Fault.NO_SUCH_PORT, "080"),
        ("service 00/tcp", Fault.NO_SUCH_PORT, "00"),
        ("service 8_0/tcp", Fault.NO_SUCH_PORT, "8_0"),
        ("service http/tcp", Fault.NO_SUCH_PORT, "http"),
        ("service /tcp", Fault.NO_SUCH_PORT, ""),
        ("service 80:tcp", Fault.NO_SUCH_PORT, "80:tcp"),
        ("service 6000-6063/tcp", Fault.NO_SUCH_PORT, "6000-6063"),
        ("service tcp/80 http", Fault.NO_SUCH_PORT, "tcp"),
        ("service 80", Fault.NO_SUCH_TRANSPORT, "80"),
        ("service 80/", Fault.NO_SUCH_TRANSPORT, "80/"),
        ("service 80/icmp", Fault.NO_SUCH_TRANSPORT, "icmp"),
        ("service 80/TCP", Fault.NO_SUCH_TRANSPORT, "TCP"),
        ("service 80/tcp/udp", Fault.NO_SUCH_TRANSPORT, "tcp/udp"),
        ("count open user", Fault.NO_SUCH_STATUS, "open"),
        ("count Assigned user", Fault.NO_SUCH_STATUS, "Assigned"),
        ("count user assigned", Fault.NO_SUCH_STATUS, "user"),
        ("count assigned privileged", Fault.NO_SUCH_RANGE, "privileged"),
        ("count assigned assigned", Fault.NO_SUCH_RANGE, "assigned"),
    ],
)
def test_what_is_no_token_is_refused_with_the_part_at_fault(
    inside: str, fault: Fault, text: str
) -> None:
    with pytest.raises(TokenError) as refused:
        parse_token(inside)
    assert (refused.value.fault, refused.value.text) == (fault, text)
    assert str(refused.value) == f"{fault}: {text}"


@pytest.mark.parametrize(
    ("inside", "fault", "text"),
    [
        ("", Fault.NO_SUCH_PORT, ""),
        ("65536", Fault.NO_SUCH_PORT, "65536"),
        ("080", Fault.NO_SUCH_PORT, "080"),
        (" 5307", Fault.NO_SUCH_PORT, " 5307"),
        ("5307 ", Fault.NO_SUCH_PORT, "5307 "),
        ("5307 /tcp", Fault.NO_SUCH_PORT, "5307 "),
        ("http", Fault.NO_SUCH_PORT, "http"),
        ("/tcp", Fault.NO_SUCH_PORT, ""),
        ("5307/", Fault.NO_SUCH_TRANSPORT, "5307/"),
        ("5307/TCP", Fault.NO_SUCH_TRANSPORT, "TCP"),
        ("5307/quic", Fault.NO_SUCH_TRANSPORT, "quic"),
        ("5307/tcp/", Fault.NO_SUCH_TRANSPORT, "tcp/"),
    ],
)
def test_what_is_no_link_is_refused_with_the_part_at_fault(
    inside: str, fault: Fault, text: str
) -> None:
    with pytest.raises(TokenError) as refused:
        parse_port_link(inside)
    assert (refused.value.fault, refused.value.text) == (fault, text)


@pytest.mark.parametrize("digits", ["٣٤٤٠", "３４４０", "3４40", "۳۴۴۰", "८०", "²", "8⁰", "㉒"])
def test_a_port_is_written_in_the_digits_0_to_9_only(digits: str) -> None:
    for parse, inside in ((parse_token, f"service {digits}/tcp"), (parse_port_link, digits)):
        with pytest.raises(TokenError) as refused:
            parse(inside)
        assert (refused.value.fault, refused.value.text) == (Fault.NO_SUCH_PORT, digits)


@given(st.integers(min_value=-70000, max_value=200000))
def test_the_ports_are_the_numbers_of_16_bits(number: int) -> None:
    if 0 <= number <= 65535:
        assert parse_port_link(str(number)).port == number
    else:
        with pytest.raises(TokenError):
            parse_port_link(str(number))


WORDS = st.sampled_from(
    ["count", *Fact, *Status, *PortRange, "80/tcp", "80", "65536/tcp", "٣/udp", "80/x", "http", ""]
)


@given(st.text() | st.lists(WORDS | st.text(max_size=6), max_size=5).map(" ".join))
@example("9" * 5000)
@example("service " + "9" * 5000 + "/tcp")
@example("\x00")
@example("service 80/tcp\x00")
def test_whatever_stands_in_braces_or_brackets_is_a_token_or_a_token_error(inside: str) -> None:
    for parse in (parse_token, parse_port_link):
        with suppress(TokenError):
            assert isinstance(parse(inside), FactToken | CountToken | PortLink)


def test_the_examples_of_valid_forms_are_valid_and_of_every_kind() -> None:
    found: list[FactToken | CountToken | PortLink] = []
    for form in VALID_FORMS:
        if match := TOKEN.fullmatch(form):
            found.append(parse_token(match[1]))
        else:
            match = PORT_LINK.fullmatch(form)
            assert match
            found.append(parse_port_link(match[1]))
    assert {token.fact for token in found if isinstance(token, FactToken)} == set(Fact)
    assert {type(token) for token in found} == {FactToken, CountToken, PortLink}


def test_every_service_name_of_the_traps_file_can_be_named_in_a_token() -> None:
    for name in {record.service_name for record in traps.RECORDS if record.service_name}:
        match = TOKEN.fullmatch(f"{{service 80/tcp {name}}}")
        assert match
        assert parse_token(match[1]) == FactToken(Fact.SERVICE, 80, Transport.TCP, name)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (TOKEN, "{service 3440/tcp}", ["service 3440/tcp"]),
        (TOKEN, "{a}{b}", ["a", "b"]),
        (TOKEN, "{{a}}", ["a"]),
        (TOKEN, "{}", []),
        (TOKEN, "{ service 3440/tcp}", []),
        (TOKEN, "{1,3}", []),
        (TOKEN, "{service\n3440/tcp}", []),
        (TOKEN, "{service 3440/tcp", []),
        (PORT_LINK, "[[5307]] [[5307/tcp]]", ["5307", "5307/tcp"]),
        (PORT_LINK, "[[]]", [""]),
        (PORT_LINK, "[5307]", []),
        (PORT_LINK, "[[53\n07]]", []),
        (FOOTNOTE, "[^iana][^rfc6335]", ["iana", "rfc6335"]),
        (FOOTNOTE, "[^]", []),
        (FOOTNOTE, "[^a b]", []),
        (FOOTNOTE, "[iana]", []),
    ],
)
def test_only_what_looks_like_one_is_taken_for_a_token_a_link_or_a_footnote(
    pattern: re.Pattern[str], text: str, found: list[str]
) -> None:
    assert pattern.findall(text) == found
