"""What tools print, read line by line: which port, on which protocol and side, by which program."""

from pathlib import Path

import pytest

from ports.pasted.mentions import Mention
from ports.pasted.text import read

pytestmark = pytest.mark.any_database

FOLDER = Path(__file__).resolve().parent.parent / "data" / "pasted"

# Each: the line, what it names, its side, whether it listens, `*` for a likely service, its program
EXPECTED = {
    "ss-tulpn": """
        3 53/udp local listens * systemd-resolve
        4 68/udp local listens * systemd-network
        5 5353/udp local listens *
        6 546/udp local listens * systemd-network
        7 53/tcp local listens * systemd-resolve
        8 22/tcp local listens * sshd
        9 80/tcp local listens * nginx
        10 22/tcp local listens * sshd
        11 3440/tcp local listens * Web Content
        12 36412/sctp local listens *
    """,
    "ss-tn": """
        2 51234/tcp local connected
        2 443/tcp remote *
        3 22/tcp local connected *
        3 50122/tcp remote
        4 41000/tcp local connected
        4 853/tcp remote *
        5 40222/tcp local connected
        5 25/tcp remote *
    """,
    "ss-one-protocol": """
        2 68/any local connected
        2 67/any remote *
        3 40000/any local connected
        3 53/any remote *
        7 22/tcp local listens *
        10 5353/udp local listens *
    """,
    "netstat-linux": """
        5 5432/tcp local listens *
        6 22/tcp local listens * sshd
        7 80/tcp local listens * apache2
        8 631/tcp local listens * cupsd
        9 68/udp local listens * dhclient
        10 546/udp local listens * dhclient
    """,
    "netstat-windows": """
        6 135/tcp local listens *
        7 445/tcp local listens *
        8 50211/tcp local connected
        8 443/tcp remote *
        9 3389/tcp local connected *
        9 50122/tcp remote
        10 135/tcp local listens *
        11 50990/tcp local connected
        11 50991/tcp remote *
        12 5353/udp local listens *
        13 1900/udp local listens *
    """,
    "netstat-windows-german": """
        5 135/tcp local listens *
        6 50211/tcp local connected
        6 443/tcp remote *
        7 123/udp local listens *
    """,
    "netstat-windows-japanese": """
        5 135/tcp local listens *
    """,
    "netstat-windows-b": """
        5 135/tcp local listens * svchost.exe
        8 445/tcp local listens *
        10 50211/tcp local connected msedge.exe
        10 443/tcp remote *
    """,
    "netstat-macos": """
        3 52311/tcp local connected
        3 443/tcp remote *
        4 52312/tcp local connected
        4 993/tcp remote *
        5 8080/tcp local listens *
        6 80/tcp local listens *
        7 8081/tcp local listens *
        8 5353/udp local listens *
        9 546/udp local listens *
    """,
    "netstat-macos-names": """
        3 52311/tcp local connected
        3 https/tcp remote *
        4 ipp/tcp local listens *
        5 http/tcp local listens *
        6 mdns/udp local listens *
    """,
    "lsof-numbers": """
        2 53/udp local listens * systemd-r
        3 22/tcp local listens * sshd
        4 22/tcp local connected * sshd
        4 50122/tcp remote
        5 51234/tcp local connected Google C
        5 443/tcp remote *
        6 3000/tcp local listens * node
        7 631/tcp local listens * cupsd
    """,
    "lsof-names": """
        2 domain/udp local listens * systemd-r
        3 ssh/tcp local listens * sshd
        4 51234/tcp local connected firefox
        4 https/tcp remote *
        5 no-such-name/tcp local listens * oddd
    """,
    "nmap": """
        7 22/tcp listens *
        8 80/tcp listens *
        11 113/tcp connected *
        12 443/tcp *
        13 53/udp listens *
        14 123/udp *
    """,
    "nmap-grepable": """
        3 22/tcp listens *
        3 80/tcp connected *
        3 53/udp *
    """,
    "firewall": """
        1 40022/tcp remote
        1 3389/tcp local *
        2 40123/udp local
        2 123/udp remote *
        3 51515/tcp
        3 853/tcp *
        5 5000/sctp remote
        5 36412/sctp local *
    """,
    "powershell": """
        5 135/tcp local listens *
        6 50211/tcp local connected
        6 443/tcp remote *
        10 5353/udp local listens *
    """,
    "sockstat-freebsd": """
        2 22/tcp local listens *
        3 80/tcp local connected *
        3 50122/tcp remote
    """,
    "lists": """
        1 80/tcp *
        1 443/any *
        2 22/tcp *
        2 53/udp *
        2 25/tcp *
        3 8080/any *
        3 9090/any *
        4 6379/any *
        5 ssh/tcp *
        6 22/tcp *
        7 8080/tcp *
        7 81/tcp *
        7 8080/tcp *
        7 81/tcp *
    """,
}
NOT_UNDERSTOOD = {"lists": [9, 10, 11, 12, 13], "powershell": [12]}


def said(mention: Mention) -> str:
    listens = {True: "listens", False: "connected", None: ""}[mention.is_listening]
    return " ".join(
        filter(
            None,
            [
                str(mention.line),
                f"{mention.port or mention.service}/{mention.transport or 'any'}",
                mention.side or "",
                listens,
                "*" if mention.is_likely_service else "",
                mention.program,
            ],
        )
    )


def ports(text: str) -> list[str]:
    return [
        f"{each.port or each.service}/{each.transport or 'any'}" for each in read(text).mentions
    ]


def test_every_sample_is_looked_at() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == EXPECTED.keys()


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", EXPECTED)
def test_what_a_tool_prints(name: str, ends: str) -> None:
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    found = read(text.replace("\n", ends))
    assert [said(each) for each in found.mentions] == [
        line.strip() for line in EXPECTED[name].strip().splitlines()
    ]
    assert [each.number for each in found.not_understood] == NOT_UNDERSTOOD.get(name, [])


def test_lines_that_are_not_understood_come_back_as_they_were() -> None:
    found = read("\tuh, what?\n22/tcp\n\n  port 70000 \u2028 is none\n")
    assert [tuple(each) for each in found.not_understood] == [
        (1, "\tuh, what?"),
        (4, "  port 70000 \u2028 is none"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "port 22 is in use", "80, 443, and more", "99999/tcp", "22/tcp 70000/udp", "-1", "0x50",
        "٢٢/tcp", "22/icmp", "tcp", "tcp 0 0", "TCP 192.0.2.1:99999 *:* LISTEN", "12a",
        "SRC=192.0.2.1 PROTO=TCP SPT=70000 DPT=80", "sshd 812 root 3u IPv4 1 0t0 TCP",
        "22/tcp/udp", "tcp/22/udp", "Host: 192.0.2.1 Ports: none", "note: nothing",
        "a 1 b 3u IPv4 1 0t0 TCP ->",
        "tcp 0 0 -> *:*", "tcp 0 0 (?) 198.51.100.7:443 ESTABLISHED",
        f"tcp 0 0 {'a' * 300}:22 *:* LISTEN",
    ],
)  # fmt: skip
def test_nothing_is_dropped_without_a_word(line: str) -> None:
    found = read(line)
    assert [each.text for each in found.not_understood] == [line]
    assert found.mentions == []


@pytest.mark.parametrize(
    ("address", "port"),
    [
        ("0.0.0.0:22", 22), ("*:22", 22), (":22", 22), ("[::]:22", 22), (":::22", 22),
        ("::1:22", 22), ("[*]:22", 22), ("192.0.2.1%eth0:22", 22), ("[fe80::1]%eth0:22", 22),
        ("[fe80::1%11]:22", 22), ("fe80::1%eth0:22", 22), ("[::ffff:192.0.2.1]:22", 22),
        ("::ffff:192.0.2.1:22", 22), ("2001:db8::1:22", 22), ("host.example:22", 22),
        ("my_host-1:22", 22), ("127.0.0.1.22", 22), ("*.22", 22), ("fe80::1%lo0.22", 22),
        ("2001:db8::1.22", 22), ("::1.22", 22), ("::ffff:192.0.2.1.22", 22), ("*:65535", 65535),
    ],
)  # fmt: skip
def test_an_address_in_every_way_it_is_written(address: str, port: int) -> None:
    assert ports(f"tcp LISTEN 0 128 {address} *:*") == [f"{port}/tcp"]


def test_what_listens_here_is_the_service_of_a_connection_whatever_its_numbers() -> None:
    text = "tcp 0 0 192.0.2.1:40000 198.51.100.7:50000 ESTABLISHED\n"
    own, other = read(text).mentions
    assert (own.is_likely_service, other.is_likely_service) == (False, True)
    own, other, _listening = read(text + "tcp 0 0 0.0.0.0:40000 0.0.0.0:* LISTEN\n").mentions
    assert (own.is_likely_service, other.is_likely_service) == (True, False)


def test_a_heading_in_a_language_that_nobody_foresaw_stands_right_above_a_table() -> None:
    row = "tcp 0 0 0.0.0.0:22 0.0.0.0:* LISTEN"
    assert read(f"Yhteydet\n\nProtokolla Osoite\n{row}\n").not_understood == []
    assert [each.number for each in read(f"a\nb\nc\nd\n{row}\n").not_understood] == [1]
    assert [each.number for each in read(f"Yhteydet 7\n{row}\nLoppu\n").not_understood] == [1, 3]
    assert [each.number for each in read("Yhteydet\n22/tcp\n").not_understood] == [1]


def test_a_text_without_lines_names_nothing() -> None:
    for text in ("", "\n", " \r\n\t\r\n", "\ufeff"):
        found = read(text)
        assert (found.mentions, found.not_understood) == ([], [])
