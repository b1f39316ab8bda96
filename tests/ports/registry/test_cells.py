"""What stands inside cells: dates, people, references and aliases."""

import pytest

from ports.registry.cells import (
    Reference,
    RegistryDate,
    read_alias,
    read_date,
    read_people,
    read_references,
)
from tests.data import traps

pytestmark = pytest.mark.any_database


def cell(column: int, name: str, port: str, transport: str = "tcp") -> str:
    return traps.row(name, port, transport)[column]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("2015", RegistryDate(2015, None, None)),
        ("2002-03", RegistryDate(2002, 3, None)),
        ("2025-09-26", RegistryDate(2025, 9, 26)),
    ],
)
def test_a_date_is_as_precise_as_its_cell(text: str, expected: RegistryDate | None) -> None:
    assert read_date(text) == expected


def test_every_date_of_the_traps_file_is_read() -> None:
    for record in traps.RECORDS:
        for text in (record.registration_date, record.modification_date):
            found = read_date(text)
            parts = [part for part in found or () if part is not None]
            assert parts == [int(part) for part in text.split("-") if part]


@pytest.mark.parametrize(
    ("name", "port", "people"),
    [
        ("ans-console", "3440", ["John Richmond"]),
        ("nas", "991", ["Vera Heinau", "Heiko Schlichting"]),
        ("statsrv", "133", ["Dave Mills"]),
        ("EtherNet/IP-1", "2222", ["Brian Batke"]),
        ("vision-mon", "4413", ["FORTÉ"]),
        ("mieleathome", "", ["Miele and Cie. KG"]),
        ("ssh", "22", []),
    ],
)
def test_people_are_read_from_the_registrys_keys(name: str, port: str, people: list[str]) -> None:
    assert [*read_people(cell(4, name, port))] == people


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("[_3GPP]", "3GPP"),
        ("[SAP_2]", "SAP"),
        ("[Mahr_GmbH_Göttingen]", "Mahr GmbH Göttingen"),
        ("[ITU_TSB_ITU-T_Study_Group_17]", "ITU TSB ITU-T Study Group"),
        ("[42]", "42"),
        ("no brackets", "no brackets"),
    ],
)
def test_a_persons_key_gives_a_name_and_never_an_empty_one(key: str, name: str) -> None:
    assert [*read_people(key)] == [name]


@pytest.mark.parametrize(
    ("name", "port", "transport", "references"),
    [
        ("ssh", "22", "tcp", [("RFC4251", "https://www.rfc-editor.org/rfc/rfc4251")]),
        (
            "exp1",
            "1021",
            "tcp",
            [
                ("1", ""),
                ("RFC4727", "https://www.rfc-editor.org/rfc/rfc4727"),
                ("RFC6335", "https://www.rfc-editor.org/rfc/rfc6335"),
            ],
        ),
        (
            "dns-push-tls",
            "",
            "tcp",
            [("RFC8765, Section 6.1", "https://www.rfc-editor.org/rfc/rfc8765#section-6.1")],
        ),
        (
            "smtp",
            "25",
            "tcp",
            [
                (
                    "RFC-ietf-emailcore-rfc5321bis-43",
                    "https://datatracker.ietf.org/doc/draft-ietf-emailcore-rfc5321bis-43/",
                )
            ],
        ),
        (
            "gue",
            "6080",
            "udp",
            [("draft-herbert-gue-02", "https://datatracker.ietf.org/doc/draft-herbert-gue-02/")],
        ),
        (
            "snif",
            "7123",
            "tcp",
            [
                (
                    "draft-zubov-snif-05, Section 4.3",
                    "https://datatracker.ietf.org/doc/draft-zubov-snif-05/",
                )
            ],
        ),
        (
            "nbd",
            "10809",
            "tcp",
            [
                (
                    "https://github.com/NetworkBlockDevice/nbd/blob/master/doc/proto.md",
                    "https://github.com/NetworkBlockDevice/nbd/blob/master/doc/proto.md",
                )
            ],
        ),
        ("3gpp-monp", "8809", "udp", [("3GPP TS 24.379 v13.5.0s", "")]),
        ("new-rwho", "550", "udp", []),
        ("tarantella", "3144", "tcp", []),
    ],
)
def test_references_are_read_with_the_addresses_that_follow_from_them(
    name: str, port: str, transport: str, references: list[tuple[str, str]]
) -> None:
    assert [*read_references(cell(8, name, port, transport))] == references


def test_several_references_of_several_kinds_are_read_in_their_order() -> None:
    texts = [found.text for found in read_references(cell(8, "pon-ictp", "7202"))]
    assert texts[0] == "TR-352"
    assert texts[1].startswith("Inter-Channel-Termination protocol (ICTP) is a peer-to-peer")
    assert len(texts) == 2


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "ftp://example.com/",
        'https://example.com/"onmouseover="x',
        "https://example.com/<script>",
        "see https://example.com/",
        "https://example.com/ and more",
        "RFC",
        "RFCs 1 and 2",
        "xRFC4251",
        "RFC4251 and others",
    ],
)
def test_a_reference_that_is_no_plain_address_gets_none(text: str) -> None:
    assert [*read_references(f"[{text}]")] == [Reference(text, "")]
    assert [*read_references(text)] == [Reference(text, "")]


def test_every_address_in_the_traps_file_is_https_or_http_without_a_quote() -> None:
    addresses = [
        reference.url
        for record in traps.RECORDS
        for reference in read_references(record.reference)
        if reference.url
    ]
    assert len(addresses) == 44
    assert all(address.startswith(("https://", "http://")) for address in addresses)
    assert not any(mark in address for address in addresses for mark in "\"'<> \n")


@pytest.mark.parametrize(
    ("name", "port", "transport", "alias"),
    [
        ("whois++", "63", "tcp", "whoispp"),
        ("sql*net", "66", "tcp", "sql-net"),
        ("cl/1", "172", "tcp", "cl-1"),
        ("EtherNet/IP-1", "2222", "tcp", "EtherNet-IP-1"),
        ("acmaint_transd", "775", "udp", "acmaint-transd"),
        ("www", "80", "tcp", "http"),
        ("www-http", "80", "tcp", "http"),
        ("http", "80", "tcp", ""),
        ("sql-net", "66", "tcp", ""),
    ],
)
def test_an_alias_or_duplicate_names_the_service_it_stands_for(
    name: str, port: str, transport: str, alias: str
) -> None:
    assert read_alias(cell(11, name, port, transport)) == alias
