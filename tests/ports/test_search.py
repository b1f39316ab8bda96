"""What a person types, and what it finds."""

import pytest

from ports.registry.records import Transport
from ports.search import as_port, find_services


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("query", "number", "transport"),
    [
        ("3440", 3440, None),
        (" 3440 ", 3440, None),
        ("0443", 443, None),
        ("22/tcp", 22, Transport.TCP),
        ("22/TCP", 22, Transport.TCP),
        ("22 / udp", 22, Transport.UDP),
        ("tcp/22", 22, Transport.TCP),
        ("udp:53", 53, Transport.UDP),
        ("tcp 22", 22, Transport.TCP),
        ("22 tcp", 22, Transport.TCP),
        (":8080", 8080, None),
        ("*:8080", 8080, None),
        ("127.0.0.1:8080", 8080, None),
        ("[::]:8080", 8080, None),
        ("port 80", 80, None),
        ("Port 80/tcp", 80, Transport.TCP),
        ("٣٤٤٠", 3440, None),
        ("３４４０", 3440, None),
        ("70000", 70000, None),
    ],
)
def test_a_port_is_understood_however_it_is_written(
    query: str, number: int, transport: Transport | None
) -> None:
    assert as_port(query) == (number, transport)


@pytest.mark.any_database
def test_the_word_for_port_may_stand_before_it_in_the_readers_language() -> None:
    assert as_port("порт 80/tcp", port_words=("port", "Порт")) == (80, Transport.TCP)
    assert as_port("порт 80") is None


@pytest.mark.any_database
@pytest.mark.parametrize(
    "query", ["", "ssh", "x11", "3com-tsmux", "6000-6063", "22/icmp", "-1", "2²"]
)
def test_other_text_is_not_a_port(query: str) -> None:
    assert as_port(query) is None


def names(query: str) -> list[str]:
    return [hit.name for hit in find_services(query)]


@pytest.mark.django_db
class TestFindingServices:
    def test_the_exact_name_comes_first_then_names_that_begin_so(self) -> None:
        found = names("ssh")
        assert found[0] == "ssh"
        assert found[1].startswith("ssh")

    def test_letter_case_does_not_matter(self) -> None:
        assert names("SSH") == names("ssh")

    def test_a_word_of_the_description_finds_the_service(self) -> None:
        assert "ans-console" in names("Steward")

    def test_every_word_must_be_found(self) -> None:
        assert names("Steward Mgmt") == ["ans-console"]
        assert names("Steward zebra") == []

    def test_signs_that_sql_knows_are_plain_signs(self) -> None:
        assert names("%") == [] or all("%" in name for name in names("%"))
        assert "cisco_" not in names("c_s_o")

    def test_a_hit_tells_its_ports(self) -> None:
        (hit,) = (hit for hit in find_services("x11") if hit.name == "x11")
        assert hit.ports == ((6000, "6000-6063/tcp,udp"),)

    def test_a_service_without_a_port_is_found_too(self) -> None:
        hits = {hit.name: hit for hit in find_services("airplay")}
        assert hits["airplay"].ports == ()

    def test_nothing_is_found_for_no_words(self) -> None:
        assert find_services("   ") == []
