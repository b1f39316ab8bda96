"""Which ports and names a change of the registry touches, and what texts cite. No database."""

from typing import Any

import pytest

from ports.models import RegistryChange
from ports.registry.records import Transport
from ports.work_items.touching import Citation, Index, cited
from tests.ports.registry_changes import record, unassigned

pytestmark = pytest.mark.any_database

TCP, UDP = Transport.TCP, Transport.UDP


def change(pk: int = 1, *, before: Any = (), after: Any = (), **names: str) -> RegistryChange:
    return RegistryChange(pk=pk, before=list(before), after=list(after), **names)


def touched(one: RegistryChange, *citations: Citation) -> list[bool]:
    index = Index([one])
    return [bool(index.of_citation(citation)) for citation in citations]


def modified(transport: str) -> RegistryChange:
    """A record of port 3440 whose assignee is another one, before and after."""
    return change(
        before=[record("nss", "3440", transport, assignee="[Ann]")],
        after=[record("nss", "3440", transport, assignee="[Ben]")],
    )


def test_a_change_on_one_transport_protocol_leaves_the_others_alone() -> None:
    cites = (Citation(3440, TCP), Citation(3440, UDP), Citation(3440), Citation(3441))
    assert touched(modified("udp"), *cites) == [False, True, True, False]


def test_a_record_without_a_transport_protocol_speaks_of_all() -> None:
    assert touched(modified(""), *(Citation(3440, each) for each in Transport)) == [True] * 4


def test_a_citation_with_a_name_is_touched_by_changes_of_that_name_only() -> None:
    renamed = change(
        before=[record("www", "80"), record("http", "80")],
        after=[record("web", "80"), record("http", "80")],
    )
    names = ("www", "WEB", "http", "")
    assert touched(renamed, *(Citation(80, TCP, name) for name in names)) == [
        True, True, False, True,
    ]  # fmt: skip
    assert touched(renamed, Citation(80, UDP, "www")) == [False]


def test_white_space_is_no_difference() -> None:
    spaced = change(
        before=[record("ssh", "22", description="Secure  Shell")],
        after=[record("ssh", "22", description="Secure Shell\n")],
    )
    assert touched(spaced, Citation(22)) == [False]
    assert not Index([spaced]).ports


def test_of_a_span_that_was_cut_only_the_port_that_was_assigned_is_touched() -> None:
    cut = change(
        before=[unassigned("11431-11488", "")],
        after=[
            record("ollama", "11434"),
            unassigned("11431-11433", ""),
            record("", "11434", "udp", description="Reserved"),
            unassigned("11435-11488", ""),
        ],
    )
    assert Index([cut]).ports == {11434}
    assert touched(cut, Citation(11434, TCP), Citation(11434, UDP)) == [True, True]
    assert touched(cut, Citation(11434, Transport.SCTP)) == [False]


def test_a_span_that_changed_as_a_whole_touches_each_of_its_ports_and_no_neighbour() -> None:
    span = change(
        before=[record("x11", "6000-6063")], after=[record("x11", "6000-6063", contact="[Jane]")]
    )
    index = Index([span])
    ports = (5999, 6000, 6030, 6063, 6064)
    assert [bool(index.of_ports(port, port)) for port in ports] == [
        False, True, True, True, False,
    ]  # fmt: skip
    assert index.of_ports(5000, 6000) == index.of_ports(6063, 7000) == {1}
    assert index.of_ports(5000, 5999) == set()


def test_a_span_of_ports_is_touched_by_each_port_within() -> None:
    changes = [
        change(pk, after=[record(f"s{pk}", port)])
        for pk, port in enumerate(("3126", "3127", "3150", "3198", "3199"))
    ]
    assert Index(changes).of_ports(3127, 3198) == {1, 2, 3}


def test_a_service_is_touched_under_its_name_and_its_former_name_in_any_letter_case() -> None:
    renamed = change(
        service_name="Net-Assistant",
        former_name="Apple Remote Desktop",
        before=[record("Apple Remote Desktop")],
        after=[record("Net-Assistant")],
    )
    index = Index([renamed])
    names = ("net-assistant", "APPLE remote desktop", "net")
    assert [index.of_service(name) for name in names] == [{1}, {1}, set()]
    assert not index.ports, "a service without a port"


ONLY = {3440, 0}


@pytest.mark.parametrize(
    ("text", "citations"),
    [
        ("{service 3440/tcp}", [Citation(3440, TCP)]),
        ("It is {status\t3440/udp}.", [Citation(3440, UDP)]),
        ("{assignee\u00a03440/tcp   NSS}", [Citation(3440, TCP, "NSS")]),
        ("See [[3440]] and [[3440/sctp]]", [Citation(3440), Citation(3440, Transport.SCTP)]),
        ("[[0]]", [Citation(0)]),
        ("> * {service 3440/tcp}", [Citation(3440, TCP)]),
        ("{service 13440/tcp} [[34400]] {service 344/tcp}", []),
        ("`{service 3440/tcp}` and 3440/tcp and \\{service 3440/tcp}", []),
        ("    {service 3440/tcp}\n", []),
        ("{count assigned user} [^3440]", []),
        ("{servise 3440/tcp} {service 3440/xyz}", []),
    ],
)
def test_what_a_text_cites(text: str, citations: list[Citation]) -> None:
    assert [*cited(text, inline=False, among=ONLY)] == citations


def test_an_indented_line_is_code_in_a_text_of_several_lines_only() -> None:
    assert [*cited("    [[3440]]", inline=True, among=ONLY)] == [Citation(3440)]
