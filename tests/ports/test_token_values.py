"""What registry tokens show: today's facts, in the reader's language, escaped."""

import pytest
from django.utils import translation
from django.utils.translation import gettext as _

from ports.languages import LANGUAGES, SOURCE, Language, by_code
from ports.models import Assignment, Port, Snapshot
from ports.registry.records import PortRange, Status, Transport
from ports.registry_excerpt import RegistryExcerpt, registry_excerpt
from ports.token_values import cited_port, token_html
from ports.tokens import CountToken, Fact, FactToken, PortLink, RegistryToken, parse_token
from tests.data import traps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("traps_loaded", "db")]
without_registry, traps_loaded = traps.without_registry, traps.traps_loaded


def language(code: str) -> Language:
    found = by_code(code)
    assert found
    return found


def html(inside: str, code: str = "en") -> str:
    """What a token shows to a reader of a language."""
    token = parse_token(inside)
    port = cited_port(token)
    with translation.override(code):
        excerpt = registry_excerpt([] if port is None else [port])
        return token_html(token, excerpt, language(code))


def marked(*texts: str) -> str:
    """Registry texts, marked as such, as a list in English."""
    shown = [f'<bdi lang="en" dir="ltr">{text}</bdi>' for text in texts]
    if len(shown) > 2:
        shown = [", ".join(shown[:-1]) + ",", shown[-1]]
    return " and ".join(shown)


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        ("service 3440/tcp", marked("ans-console")),
        ("description 3440/udp", marked("Net Steward Mgmt Console")),
        ("assignee 3440/tcp", marked("John Richmond")),
        ("registered 3440/tcp", "March 2002"),
        ("registered 11434/tcp", "September 26, 2025"),
        ("modified 22/sctp", "February 7, 2022"),
        ("status 3440/tcp", "Assigned"),
        ("status 11434/udp", "Reserved"),
        ("status 14001/udp", "De-assigned"),
        ("status 23/tcp", "Unassigned"),
        ("status 60000/udp", "Dynamic"),
        ("status 3322/dccp", "Assigned"),
        ("service 6010/tcp", marked("x11")),
        ("service 6063/udp", marked("x11")),
        ("assignee 991/tcp", marked("Vera Heinau", "Heiko Schlichting")),
        ("assignee 133/tcp", marked("Dave Mills")),
        ("description 24/tcp", marked("any private mail system")),
        ("service 22/sctp", marked("ssh")),
        ("service 9/dccp", marked("discard")),
    ],
)
def test_each_fact_is_shown_as_the_registry_has_it(inside: str, shown: str) -> None:
    assert html(inside) == shown


@pytest.mark.parametrize("transport", Transport)
def test_a_record_that_names_no_transport_speaks_for_all(transport: Transport) -> None:
    assert html(f"service 4250/{transport}") == marked("vrml-multi-use")
    assert html(f"modified 6400/{transport}") == "May 27, 2026"


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        ("service 80/tcp", marked("http", "www", "www-http")),
        ("service 2049/tcp", marked("shilp", "nfs")),
        ("service 80/udp", marked("http")),
        ("description 80/tcp", marked("World Wide Web HTTP")),
        ("assignee 80/tcp", marked("IESG", "Tim Berners Lee")),
        ("modified 80/tcp", "October 1, 2021"),
        ("modified 5349/tcp", "March 28, 2019 and August 2, 2019"),
    ],
)
def test_of_several_names_every_value_is_shown_once_in_the_registrys_order(
    inside: str, shown: str
) -> None:
    assert html(inside) == shown


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        ("assignee 80/tcp http", marked("IESG")),
        ("assignee 80/tcp www-http", marked("Tim Berners Lee")),
        ("assignee 80/tcp WWW-HTTP", marked("Tim Berners Lee")),
        ("service 80/tcp HTTP", marked("http")),
        ("description 2049/tcp nfs", marked("Network File System - Sun Microsystems")),
        ("modified 5349/tcp turns", "August 2, 2019"),
        ("service 66/tcp sql*net", marked("sql*net")),
    ],
)
def test_a_token_may_ask_for_one_of_several_names_in_any_letter_case(
    inside: str, shown: str
) -> None:
    assert html(inside) == shown


@pytest.mark.parametrize(
    "inside",
    [
        "service 23/tcp",
        "service 60000/tcp",
        "assignee 22/tcp",
        "registered 3144/tcp",
        "modified 3440/tcp",
        "service 24/tcp",
        "description 2049/tcp shilp",
        "service 3440/sctp",
        "service 11434/udp",
        "modified 0/tcp",
        "service 225/tcp",
        "service 6665/udp",
        "description 114/tcp",
        "service 80/tcp nginx",
        "service 80/udp www",
        "service 3440/tcp ans",
        "modified 80/tcp www-http",
    ],
)
def test_what_the_registry_does_not_say_is_not_recorded(inside: str) -> None:
    assert html(inside) == "not recorded"


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        ("service 14001/udp", marked("sua")),
        ("assignee 14001/udp", marked("Miguel Angel Garcia")),
        ("registered 14001/udp", "June 6, 2001"),
        ("service 14001/udp sua", marked("sua")),
        ("modified 585/tcp", "April 25, 2006"),
        ("description 15/tcp", marked("Unassigned [was netstat]")),
    ],
)
def test_what_was_withdrawn_is_shown_as_formerly(inside: str, shown: str) -> None:
    assert html(inside) == f"formerly {shown}"


def test_what_is_in_force_on_another_transport_is_not_formerly() -> None:
    assert html("service 14001/tcp") == html("service 14001/sctp") == marked("sua")


def test_beside_an_assignment_a_withdrawn_record_is_not_told() -> None:
    Assignment.objects.filter(service_name="www", first_port=80).update(status="deassigned")
    assert html("service 80/tcp") == marked("http", "www-http")
    assert html("service 80/tcp www") == f"formerly {marked('www')}"


def test_of_withdrawn_records_only_every_value_is_formerly() -> None:
    Assignment.objects.filter(first_port=80).update(status="deassigned")
    assert html("service 80/tcp") == f"formerly {marked('http', 'www', 'www-http')}"
    assert html("registered 80/tcp") == "not recorded"


@pytest.mark.parametrize("port_range", PortRange)
@pytest.mark.parametrize("status", Status)
def test_a_count_is_that_of_the_ports_with_the_status_on_tcp_or_udp(
    port_range: PortRange, status: Status
) -> None:
    counted = Port.objects.in_range(port_range).with_status(status).count()
    assert html(f"count {status} {port_range}") == f"{counted:,}"


def test_counts_are_not_recorded_before_a_registry_was_loaded_that_knows_them() -> None:
    snapshot = Snapshot.objects.get()
    snapshot.statistics = {
        key: value for key, value in snapshot.statistics.items() if key != "statuses"
    }
    snapshot.save()
    assert html("count assigned user") == "not recorded"
    Snapshot.objects.all().delete()
    assert html("count assigned user") == "not recorded"


@pytest.mark.parametrize(
    ("inside", "field"), [("service", "service_name"), ("description", "description")]
)
@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "a & b", "\"x\" 'y'", "%(fact)s %"])
def test_registry_text_is_escaped(inside: str, field: str, text: str) -> None:
    escaped = (
        text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
        .replace("'", "&#x27;")
    )
    Assignment.objects.filter(first_port=3440, transport="tcp").update(**{field: text})
    assert html(f"{inside} 3440/tcp") == marked(escaped)
    Assignment.objects.filter(first_port=3440).update(status="deassigned")
    assert html(f"{inside} 3440/tcp") == f"formerly {marked(escaped)}"


def test_assignees_are_escaped() -> None:
    Assignment.objects.filter(first_port=3440).update(assignee="[<b>_&_Co]['\"]")
    assert html("assignee 3440/tcp") == marked("&lt;b&gt; &amp; Co", "&#x27;&quot;")


@pytest.mark.parametrize(
    ("code", "inside", "shown"),
    [
        ("tr", "registered 3440/tcp", "Mart 2002"),
        ("tr", "registered 11434/tcp", "26 Eylül 2025"),
        ("tr", "status 3440/tcp", "Atanmış"),
        ("tr", "count dynamic dynamic", "16.384"),
        ("ar", "registered 3440/tcp", "مارس 2002"),
        ("ar", "registered 11434/tcp", "26 سبتمبر 2025"),
        ("ar", "count dynamic dynamic", "16,384"),
        ("de", "registered 3440/tcp", "März 2002"),
        ("fr", "count dynamic dynamic", "16\u202f384"),
        ("en", "count dynamic dynamic", "16,384"),
    ],
)
def test_dates_counts_and_statuses_are_written_in_the_readers_language(
    code: str, inside: str, shown: str
) -> None:
    assert html(inside, code) == shown


def test_registry_text_stays_english_and_left_to_right_in_lists_of_every_language() -> None:
    for found in LANGUAGES:
        shown = html("service 80/tcp", found.code)
        for name in ("http", "www", "www-http"):
            assert marked(name) in shown
    assert html("service 80/tcp", "tr") == (
        f"{marked('http')}, {marked('www')} ve {marked('www-http')}"
    )
    assert html("service 80/tcp", "ar") == (
        f"{marked('http')} و{marked('www')} و{marked('www-http')}"
    )


@pytest.mark.parametrize("code", [language.code for language in LANGUAGES])
def test_what_is_missing_or_withdrawn_is_said_in_the_words_of_the_language(code: str) -> None:
    with translation.override(code):
        missing, withdrawn = _("not recorded"), _("formerly %(fact)s")
    assert html("service 23/tcp", code) == missing
    assert html("service 14001/udp", code) == withdrawn % {"fact": marked("sua")}


@pytest.mark.parametrize(
    ("link", "code", "shown"),
    [
        (PortLink(5307, None), "en", '<a href="/en/ports/5307/" dir="ltr">5307</a>'),
        (
            PortLink(5307, Transport.TCP),
            "en",
            '<a href="/en/ports/5307/#tcp" dir="ltr">5307/tcp</a>',
        ),
        (PortLink(0, None), "ar", '<a href="/ar/ports/0/" dir="ltr">0</a>'),
        (PortLink(65535, Transport.DCCP), "pt-br",
         '<a href="/pt-br/ports/65535/#dccp" dir="ltr">65535/dccp</a>'),
    ],
)  # fmt: skip
def test_a_link_leads_to_the_page_of_the_port_in_the_language_of_the_page(
    link: PortLink, code: str, shown: str
) -> None:
    excerpt = RegistryExcerpt(ports={}, records={}, snapshot=None)
    with translation.override("tr"):
        assert token_html(link, excerpt, language(code)) == shown


def test_only_facts_need_the_records_of_a_port() -> None:
    tokens: list[RegistryToken] = [
        FactToken(Fact.STATUS, 0, Transport.TCP, ""),
        FactToken(Fact.SERVICE, 80, Transport.UDP, "http"),
        CountToken(Status.ASSIGNED, PortRange.USER),
        PortLink(5307, Transport.TCP),
    ]
    assert [cited_port(token) for token in tokens] == [0, 80, None, None]


def test_every_fact_of_every_port_of_the_traps_file_can_be_shown() -> None:
    numbers = {record.first_port for record in traps.RECORDS if record.first_port is not None}
    excerpt = registry_excerpt(numbers)
    for number in numbers:
        for transport in Transport:
            for fact in Fact:
                token = FactToken(fact, number, transport, "")
                assert token_html(token, excerpt, SOURCE)
