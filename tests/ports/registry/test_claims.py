"""What the registry's records say of a claim."""

import gzip

import pytest

from ports.registry.bundled import SNAPSHOT
from ports.registry.claims import ClaimKind, RegistryClaim, Verdict, speaking_for, verdict
from ports.registry.parse import parse
from ports.registry.records import Record, Status, Transport
from ports.registry.status import derive_statuses, record_status
from tests.data import traps

pytestmark = pytest.mark.any_database

TCP, UDP, SCTP, DCCP = Transport
STATUSES = derive_statuses(traps.RECORDS)


def covering(number: int) -> list[Record]:
    return [record for record in traps.RECORDS if number in record.ports]


def verdict_on(
    port: int, transport: Transport, kind: ClaimKind, value: str, *, compiled: bool = False
) -> Verdict:
    """What the registry of the traps file says."""
    return verdict(
        RegistryClaim(port, transport, kind, value),
        records=covering(port),
        statuses=STATUSES[port],
        compiled=compiled,
    )


@pytest.mark.parametrize(
    ("port", "transport", "names"),
    [
        (80, TCP, ["http", "www", "www-http"]),
        (80, UDP, ["http"]),
        (80, DCCP, []),
        (3322, TCP, ["active-net"]),
        (3325, DCCP, ["active-net"]),
        (6063, TCP, ["x11"]),
        (6063, SCTP, []),
        (6665, UDP, [""]),
        (60000, TCP, []),
    ],
)
def test_the_records_that_name_a_transport_speak_for_it_or_else_those_that_name_none(
    port: int, transport: Transport, names: list[str]
) -> None:
    speaking = speaking_for(covering(port), transport)
    assert [record.service_name for record in speaking] == names


def test_a_record_of_the_transports_own_silences_those_that_name_none() -> None:
    general = covering(4200)[0]
    own = general._replace(service_name="other", transport="tcp")
    assert speaking_for([general, own], TCP) == [own]
    assert speaking_for([general, own], UDP) == [general]


@pytest.mark.parametrize(
    ("port", "transport", "status"),
    [
        (3440, TCP, Status.ASSIGNED),
        (11434, UDP, Status.RESERVED),
        (14001, UDP, Status.DEASSIGNED),
        (585, TCP, Status.DEASSIGNED),
        (23, TCP, Status.UNASSIGNED),
        (60000, UDP, Status.DYNAMIC),
        (4250, UDP, Status.ASSIGNED),
        (230, DCCP, Status.RESERVED),
    ],
)
@pytest.mark.parametrize("compiled", [True, False])
def test_a_status_holds_where_it_is_that_of_the_port_on_the_transport(
    port: int, transport: Transport, status: Status, compiled: bool
) -> None:
    for claimed in Status:
        said = verdict_on(port, transport, ClaimKind.STATUS, claimed, compiled=compiled)
        assert said == (Verdict.HOLDS if claimed == status else Verdict.DENIED)


def test_a_status_is_that_of_the_claimed_transport_and_of_no_other() -> None:
    assert verdict_on(11434, TCP, ClaimKind.STATUS, "assigned") == Verdict.HOLDS
    assert verdict_on(11434, UDP, ClaimKind.STATUS, "assigned") == Verdict.DENIED


@pytest.mark.parametrize(
    ("port", "transport", "name", "expected"),
    [
        (3440, TCP, "ans-console", Verdict.HOLDS),
        (3440, TCP, "ANS-Console", Verdict.HOLDS),
        (3440, TCP, "ans", Verdict.DENIED),
        (3440, SCTP, "ans-console", Verdict.DENIED),
        (80, TCP, "http", Verdict.HOLDS),
        (80, TCP, "www", Verdict.HOLDS),
        (80, TCP, "www-http", Verdict.HOLDS),
        (80, UDP, "www", Verdict.DENIED),
        (80, TCP, "https", Verdict.DENIED),
        (6010, TCP, "x11", Verdict.HOLDS),
        (6064, TCP, "x11", Verdict.DENIED),
        (4299, UDP, "vrml-multi-use", Verdict.HOLDS),
        (4299, SCTP, "vrml-multi-use", Verdict.HOLDS),
        (2222, TCP, "ethernet/ip-1", Verdict.HOLDS),
        (60000, TCP, "http", Verdict.DENIED),
    ],
)
@pytest.mark.parametrize("compiled", [True, False])
def test_a_service_holds_where_one_of_the_names_is_the_claimed_in_any_letter_case(
    port: int, transport: Transport, name: str, expected: Verdict, compiled: bool
) -> None:
    said = verdict_on(port, transport, ClaimKind.SERVICE, name, compiled=compiled)
    assert said == expected


@pytest.mark.parametrize(
    ("port", "transport", "person", "expected"),
    [
        (3440, TCP, "John Richmond", Verdict.HOLDS),
        (3440, UDP, "John Richmond", Verdict.HOLDS),
        (3440, TCP, "john richmond", Verdict.DENIED),
        (3440, TCP, "Richmond", Verdict.DENIED),
        (3440, DCCP, "John Richmond", Verdict.DENIED),
        (80, TCP, "IESG", Verdict.HOLDS),
        (80, TCP, "Tim Berners Lee", Verdict.HOLDS),
        (80, UDP, "Tim Berners Lee", Verdict.DENIED),
        (991, TCP, "Heiko Schlichting", Verdict.HOLDS),
        (991, TCP, "Vera Heinau", Verdict.HOLDS),
        (133, TCP, "Dave Mills", Verdict.HOLDS),
        (4250, SCTP, "Mitra", Verdict.HOLDS),
        (22, TCP, "Tatu Ylonen", Verdict.DENIED),
    ],
)
def test_an_assignee_holds_where_a_record_names_them(
    port: int, transport: Transport, person: str, expected: Verdict
) -> None:
    assert verdict_on(port, transport, ClaimKind.ASSIGNEE, person) == expected


@pytest.mark.parametrize(
    ("port", "transport", "date", "expected"),
    [
        (3440, TCP, "2002-03", Verdict.HOLDS),
        (3440, TCP, "2002", Verdict.HOLDS),
        (3440, TCP, "2002-04", Verdict.DENIED),
        (3440, TCP, "2002-03-01", Verdict.DENIED),
        (11434, TCP, "2025-09-26", Verdict.HOLDS),
        (11434, TCP, "2025-09", Verdict.HOLDS),
        (11434, UDP, "2025", Verdict.DENIED),
        (6400, UDP, "2008", Verdict.HOLDS),
        (3144, TCP, "2001", Verdict.DENIED),
        (23, TCP, "2001", Verdict.DENIED),
    ],
)
def test_a_registration_date_holds_where_a_records_date_begins_so(
    port: int, transport: Transport, date: str, expected: Verdict
) -> None:
    assert verdict_on(port, transport, ClaimKind.REGISTERED, date) == expected


@pytest.mark.parametrize(
    ("kind", "true", "false"),
    [
        (ClaimKind.ASSIGNEE, "John Richmond", "Roger Binns"),
        (ClaimKind.REGISTERED, "2002-03", "1999"),
    ],
)
def test_a_compiled_snapshot_decides_nothing_about_assignees_and_dates(
    kind: ClaimKind, true: str, false: str
) -> None:
    for value in (true, false):
        assert verdict_on(3440, TCP, kind, value, compiled=True) == Verdict.UNDECIDED


@pytest.mark.parametrize("name", ["http", "www", "www-http"])
@pytest.mark.parametrize(
    ("kind", "value"), [(ClaimKind.SERVICE, "{name}"), (ClaimKind.ASSIGNEE, "{name} Inc.")]
)
def test_the_order_of_several_names_does_not_matter(kind: ClaimKind, value: str, name: str) -> None:
    records = [record._replace(assignee=f"[{record.service_name}_Inc.]") for record in covering(80)]
    claim = RegistryClaim(80, TCP, kind, value.format(name=name))
    for ordered in (records, records[::-1]):
        said = verdict(claim, records=ordered, statuses=STATUSES[80], compiled=False)
        assert said == Verdict.HOLDS


def test_every_name_of_the_bundled_registrys_pairs_with_several_names_holds() -> None:
    pairs: dict[tuple[int, str], list[Record]] = {}
    with gzip.open(SNAPSHOT, "rt", encoding="utf-8", newline="") as file:
        for record in parse(file):
            if isinstance(record, Record) and record.service_name and record.transport:
                for number in record.ports:
                    pairs.setdefault((number, record.transport), []).append(record)
    several = {pair: records for pair, records in pairs.items() if len(records) > 1}
    assert {(80, "tcp"), (80, "udp"), (2049, "tcp"), (5349, "udp")} <= several.keys()
    assert len(several) > 200
    for (port, transport), records in several.items():
        for record in records:
            claim = RegistryClaim(
                port, Transport(transport), ClaimKind.SERVICE, record.service_name
            )
            said = verdict(claim, records=records, statuses=STATUSES[port], compiled=True)
            in_force = record_status(record) == Status.ASSIGNED
            assert said == (Verdict.HOLDS if in_force else Verdict.DENIED)
