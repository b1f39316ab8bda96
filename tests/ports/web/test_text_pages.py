"""Ports and services for people who read them in a terminal."""

import random
import re
import unicodedata
from itertools import pairwise
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wcwidth import wcswidth

from ports.bundled_articles import load_articles
from ports.check_commands import commands_for
from ports.languages import LANGUAGES, Language
from ports.models import Article, Assignment, Source, Usage
from tests.ports import registry_changes as made
from tests.ports.registry_changes import record
from tests.ports.web.pages import source
from tests.ports.writing import (
    add,
    document,
    gloss,
    publish,
    published_article,
    usage,
    write_text,
)

pytestmark = pytest.mark.django_db

PORTS = (0, 10, 22, 75, 80, 443, 585, 1023, 3127, 3440, 4200, 6010, 11434, 50000, 65535)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
every_language = pytest.mark.parametrize("language", LANGUAGES, ids=lambda each: each.code)


@pytest.fixture
def curl(db: None) -> Client:
    """A client that says what curl says."""
    return Client(headers={"host": "localhost", "accept": "*/*", "user-agent": "curl/8.5.0"})


def text(client: Client, path: str, *, status: int = 200, **headers: str) -> str:
    """The text at an address, which keeps what every text promises."""
    response = client.get(path, headers=headers)
    assert response.status_code == status, (path, response.content[:300])
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert not response.cookies
    shown = response.content.decode()
    assert_fits(shown)
    return shown


def assert_fits(shown: str) -> None:
    assert shown.endswith("\n")
    assert not shown.endswith("\n\n")
    assert "\n\n\n" not in shown
    for line in shown.split("\n"):
        assert line == line.rstrip()
        assert all(unicodedata.category(each) not in {"Cc", "Cs"} for each in line), ascii(line)
        assert not re.search(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", line), ascii(line)
        assert wcswidth(line) <= 80 or is_for_copying(line.strip()), line


def is_for_copying(line: str) -> bool:
    """Whether a line is a command or an address, which stays whole."""
    return line.startswith(("Get-Process -Id (", "https://", "http://")) and "  " not in line


def words(shown: str) -> str:
    """A text as one line: where its lines end depends on the language's words."""
    return " ".join(shown.split())


def headings(shown: str) -> list[str]:
    return [line for line in shown.split("\n")[1:] if line and not line.startswith(" ")]


@every_language
def test_every_kind_of_page_fits_a_terminal_in_every_language(
    curl: Client, language: Language
) -> None:
    load_articles()
    paths = [*PORTS, *("ssh", "http", "z39.50", "cl/1", "x11")]
    for path in paths:
        response = curl.get(f"/{path}?lang={language.tag}")
        assert response.headers["Content-Language"].split(", ")[0] == language.tag
        shown = text(curl, f"/{path}?lang={language.tag}")
        assert_has_no_empty_section(shown)
        place = f"ports/{path}" if isinstance(path, int) else f"services/{path}"
        assert f"{settings.SITE_URL}/{language.code}/{place}/" in shown
    assert curl.get(f"/3440?lang={language.tag}&color").status_code == 200


def assert_has_no_empty_section(shown: str) -> None:
    sections = shown.partition("\n")[2].partition("─" * 20)[0].split("\n")
    for heading, following in pairwise(sections):
        if heading and not heading.startswith(" "):
            assert following.startswith("  "), heading


def test_a_sample_of_all_ports_fits_in_all_languages(curl: Client) -> None:
    load_articles()
    chosen = random.Random(6335)  # noqa: S311 - the same ports at every run
    for index in range(500):
        language = LANGUAGES[index % len(LANGUAGES)]
        text(curl, f"/{chosen.randrange(65536)}?lang={language.tag}")
    names = sorted({*Assignment.objects.named().values_list("service_name", flat=True)})
    for index, name in enumerate(chosen.sample(names, 100)):
        language = LANGUAGES[index % len(LANGUAGES)]
        text(curl, f"/{quote(name)}.txt?lang={language.tag}")


def test_3440_is_told_in_english_with_everything_that_its_page_has(curl: Client) -> None:
    load_articles()
    shown = text(curl, "/3440")
    assert shown.startswith("Port 3440 – ans-console\n\n  Port 3440 is registered with IANA as")
    assert headings(shown)[:9] == [
        "What the registry says",
        "Should you worry?",
        "A registration without a product",
        "How to see which program uses port 3440",
        "What this port teaches",
        "Timeline",
        "Questions and answers",
        "Sources",
        "─" * 20,
    ]
    for said in (
        "  TCP  Assigned  Registered as ans-console.\n",
        "  ans-console 3440/tcp, 3440/udp\n    Net Steward Mgmt Console\n",
        "Registered to John Richmond; registration date: March 2002.",
        "  - March 2002: ans-console enters the registry\n",
        "  [2] RFC 6335: ",
        "      https://www.rfc-editor.org/rfc/rfc6335\n",
    ):
        assert said in shown
    assert "compiled snapshot: names as of July 2026" in words(shown)
    assert "it is almost certainly not the registered service." in words(shown)
    for listed in commands_for(3440):
        for command in listed:
            assert f"    {command}\n" in shown


def test_3440_is_told_in_turkish(curl: Client) -> None:
    load_articles()
    for shown in (text(curl, "/3440", **{"accept-language": "tr"}), text(curl, "/3440?lang=tr")):
        assert "Mart 2002" in shown
        assert "Endişelenmeli misiniz?" in headings(shown)
        for english in ("registered with", "Should you", "Timeline", "Sources", "[en]", "The "):
            assert english not in shown


def test_a_text_that_nobody_translated_says_so(curl: Client) -> None:
    load_articles()
    response = curl.get("/3440?lang=ja")
    assert response.headers["Content-Language"] == "ja, en"
    shown = text(curl, "/3440?lang=ja")
    assert "\n[en] A registration without a product\n" in shown
    assert "\n  [en] The registry gives port 3440 to ans-console" in shown
    assert "まだ日本語に翻訳されていないため" in shown
    assert "[en]" not in text(curl, "/80?lang=ja")


def test_malware_and_other_usages_are_told(curl: Client) -> None:
    load_articles()
    shown = text(curl, "/3127")
    assert "\n  MyDoom.A – Malware 3127–3198/tcp\n" in shown
    assert "Malware has been found on port 3127" in words(shown)
    worry, used = shown.index("Should you worry?"), shown.index("What really uses this port")
    assert shown.index("What the registry says") < worry < used < shown.index("How to see which")


def test_a_service_is_told_with_its_explanation(curl: Client) -> None:
    owner, _row = gloss(service_name="ssh", text_en="Log in *elsewhere*.\n\n- safely")
    publish(owner)
    shown = text(curl, "/ssh")
    assert shown.startswith(
        "ssh\n\n  Registered port numbers: 22\n\n  Log in elsewhere.\n\n  - safely\n\n"
    )
    assert "  ssh 22/tcp, 22/udp\n    The Secure Shell (SSH) Protocol\n" in shown
    Assignment.objects.create(service_name="portless", transport="tcp", status="assigned")
    assert "registered without a port" in words(text(curl, "/portless"))


def test_what_changed_is_told(curl: Client) -> None:
    state = made.snapshot("2026-07-23")
    made.added(state, record("new-1", "3440"), before=(made.unassigned("3440"),))
    assert "(From the registry) New in the registry: new-1 3440/tcp." in words(text(curl, "/3440"))
    made.renamed(state, record("old-1", "9"), record("ssh", "9"))
    assert "Renamed in the registry: old-1 is now ssh 9/tcp." in words(text(curl, "/ssh"))


def test_a_withdrawn_service_is_gone_with_its_last_known_facts(curl: Client) -> None:
    made.removed(
        made.snapshot("2026-07-23"),
        record("Gone-1", "777", "sctp", description="An old protocol", assignee="[Jane_Doe]"),
    )
    for path in ("/gone-1", "/GONE-1.txt", "/gone-1/"):
        shown = text(curl, path, status=410)
        assert "The registry of July 23, 2026 was the first without it." in words(shown)
        assert "Last known facts" in headings(shown)
        assert "Gone-1 777/sctp" in shown
        assert "Registered to Jane Doe" in shown
    response = curl.get("/gone-1")
    assert response.headers["Cache-Control"] == curl.get("/ssh").headers["Cache-Control"]
    turkish = text(curl, "/gone-1?lang=tr", status=410)
    assert "Last known" not in turkish


@pytest.mark.parametrize(
    ("accept", "is_text"),
    [
        ("*/*", True),
        ("", True),
        ("text/plain", True),
        ("application/json", True),
        ("text/*", True),
        ("text/html;q=0, */*", True),
        ("nonsense", True),
        ("text/html", False),
        ("TEXT/HTML; charset=utf-8", False),
        (BROWSER, False),
        ("application/json, text/html;q=0.1", False),
    ],
)
def test_who_takes_html_is_led_to_the_page_and_nobody_else(
    db: None, accept: str, is_text: bool
) -> None:
    client = Client(headers={"host": "localhost", "accept": accept})
    for path in ("/3440", "/ssh", "/SSH", "/cl/1", "/z39.50"):
        response = client.get(path)
        assert response.status_code == (200 if is_text else 302)
        assert response.headers["Vary"] == "Accept, Accept-Language"
        response = client.get(f"{path}.txt")
        assert response.status_code == 200, "whatever is accepted"
        assert response.headers["Vary"] == "Accept-Language"


def test_who_says_nothing_is_given_text(db: None) -> None:
    text(Client(headers={"host": "localhost"}), "/3440")


@pytest.mark.parametrize("query", ["lang=tr", "lang=tr-TR", "lang=tr&color", "lang=tr&bogus=1"])
def test_browsers_are_led_to_the_language_in_the_address(reader: Client, query: str) -> None:
    response = reader.get(f"/3440?{query}", headers={"accept": BROWSER, "accept-language": "de"})
    assert (response.status_code, response.headers["Location"]) == (302, "/tr/ports/3440/")
    assert response.headers["Vary"] == "Accept"


def test_browsers_are_led_on_whatever_else_stands_in_the_address(reader: Client) -> None:
    response = reader.get("/ssh?lang=xx&x", headers={"accept": BROWSER, "accept-language": "de"})
    assert response.headers["Location"] == "/de/services/ssh/"
    assert response.headers["Vary"] == "Accept, Accept-Language"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("bogus=1", "bogus: "),
        ("lang=xx", "lang: "),
        ("lang=", "lang: "),
        ("lang=zh-TW", "lang: "),
        ("lang=de&lang=tr", "lang: "),
        ("color=blue", "color: "),
        ("color&color=1", "color: "),
        ("colour", "colour: "),
        ("a%00%1b[31mb=1", "a\ufffd\ufffd[31mb: "),
        ("%FF=1", "\ufffd: "),
        ("x" * 10_000, "x" * 100 + "…"),
        ("color=" + "1" * 10_000, "color: "),
        ("lang=%00", "lang: "),
        ("lang=%D9%A1", "lang: "),
    ],
)
def test_what_is_not_understood_is_named(curl: Client, query: str, said: str) -> None:
    for path in ("/3440", "/ssh", "/3440.txt", "/ssh.txt", "/no-such-service"):
        response = curl.get(f"{path}?{query}", headers={"accept-language": "tr"})
        assert response.status_code == 400
        assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Content-Language"] == "tr"
        shown = response.content.decode()
        assert_fits(shown)
        assert said in shown.replace("\n  ", "")
        assert "Request not understood" not in shown


@pytest.mark.parametrize(
    "path",
    ["/65536", "/-1", "/٣٤٤٠", "/%D9%A2%D9%A2", "/99999999999999999999", "/no-such", "/ssh%00",
     "/%00", "/ssh//", "/3440.xml", "/65536.txt", "/-1.txt", "/nothing.txt", "/.txt", "/%FF",
     "/" + "x" * 10_000, "/%ED%A0%80"],
)  # fmt: skip
def test_what_is_not_there_is_told_in_text(curl: Client, path: str) -> None:
    shown = text(curl, path, status=404, **{"accept-language": "tr"})
    assert "65535" in shown
    assert f"{settings.SITE_URL}/3440\n" in shown
    assert "Page not found" not in shown
    response = curl.get(path, headers={"accept-language": "tr"})
    assert response.headers["Content-Language"] == "tr"
    assert response.headers["Cache-Control"] == "no-store"


def test_a_browser_is_told_in_a_page_what_is_not_there(reader: Client) -> None:
    for path in ("/65536", "/no-such"):
        response = reader.get(path, headers={"accept": BROWSER})
        assert response.status_code == 404
        assert source(response).endswith("</html>\n")
        assert "Accept" in response.headers["Vary"].split(", ")


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/0443", "/443"),
        ("/00", "/0"),
        ("/0443?lang=tr&color", "/443?lang=tr&color"),
        ("/0443.txt", "/443.txt"),
        ("/0443.JSON?lang=tr", "/443.JSON?lang=tr"),
    ],
)
def test_leading_zeros_lead_to_the_short_address(curl: Client, path: str, target: str) -> None:
    response = curl.get(path)
    assert (response.status_code, response.headers["Location"]) == (301, target)
    assert curl.get(target).status_code == 200


def test_names_win_over_endings_and_numbers_over_names(curl: Client, reader: Client) -> None:
    for name in ("a.txt", "B.json", "a", "b", "3440", "443.txt"):
        Assignment.objects.create(
            service_name=name, description=f"It is {name}!", status="assigned", occurrence=9
        )
    for path in ("/a.txt", "/A.TXT"):
        assert "It is a.txt!" in text(curl, path)
    assert "It is a!" in text(curl, "/a")
    assert "It is a.txt!" in text(curl, "/a.txt.txt")
    assert "It is B.json!" in text(curl, "/b.json")
    assert curl.get("/b.json.json").json()["name"] == "B.json"
    response = reader.get("/b.json", headers={"accept": BROWSER})
    assert response.headers["Location"] == "/en/services/B.json/"
    assert text(curl, "/3440").startswith("Port 3440")
    assert text(curl, "/443.txt").startswith("Port 443")


def test_of_names_that_differ_in_case_the_one_typed_wins(curl: Client) -> None:
    Assignment.objects.create(service_name="SSH", status="assigned")
    assert [text(curl, path).partition("\n")[0] for path in ("/SSH", "/ssh", "/Ssh")] == [
        "SSH", "ssh", "ssh",
    ]  # fmt: skip


def test_roots_to_come_are_no_services(curl: Client) -> None:
    for name in ("robots", "sitemap", "favicon"):
        Assignment.objects.create(service_name=name, status="assigned")
    for path in ("/robots.txt", "/ROBOTS.TXT", "/sitemap.xml", "/.well-known/security.txt"):
        assert curl.get(path).status_code == 404
    text(curl, "/robots")


SGR = re.compile(r"\x1b\[([0-9;]*)m")


@pytest.mark.parametrize("path", ["/3440", "/3127", "/80", "/ssh", "/3440.txt"])
def test_colours_are_asked_for_and_change_nothing_of_the_text(curl: Client, path: str) -> None:
    load_articles()
    plain = text(curl, path)
    for query in ("color", "color=1", "color="):
        response = curl.get(f"{path}?{query}")
        coloured = response.content.decode()
        assert SGR.sub("", coloured) == plain
        codes = SGR.findall(coloured)
        # Bold, underlined, magenta and red: what can be read on black and on white.
        assert {*codes} <= {"0", "1", "4", "1;35", "1;31"}
        assert len(codes) > 10
        for line in coloured.split("\n"):
            assert SGR.findall(line)[-1:] in ([], ["0"]), "every line ends as it began"
    assert text(curl, f"{path}?color=0") == plain


HOSTILE = "\x1b]0;pwned\x07\x1b[2J\x9b31m\x08\x7f\u202egnp.exe\u2066\u200f A\rB\u2028C\ud7ff"


def test_no_text_of_the_registry_or_of_editors_reaches_the_terminals_controls(
    curl: Client,
) -> None:
    Assignment.objects.create(
        service_name=f"evil{HOSTILE}",
        port_cell="40404",
        first_port=40404,
        last_port=40404,
        transport="tcp",
        description=f"D{HOSTILE}",
        assignee=f"[P{HOSTILE}]",
        reference=f"[R{HOSTILE}]",
        unauthorized_use=f"U{HOSTILE}",
        assignment_notes=f"N{HOSTILE}",
        status="assigned",
    )
    owner = document(40404)
    add(
        owner, Article, title_en=f"A{HOSTILE}", summary_en=f"S{HOSTILE}",
        body_en=f"B{HOSTILE}[^s]\n\n    code{HOSTILE}\n\n[link{HOSTILE}](https://example.org/)",
    )  # fmt: skip
    add(
        owner, Source, key="s", title=f"T{HOSTILE}", publisher=f"P{HOSTILE}",
        url=f"https://example.org/{HOSTILE}",
    )  # fmt: skip
    publish(owner)
    used, _row = usage(
        name=f"M{HOSTILE}", kind=Usage.Kind.MALWARE, first_port=40404, last_port=40404,
        description_en=f"D{HOSTILE}",
    )  # fmt: skip
    publish(used)
    shown = text(curl, "/40404")
    assert shown.count("]0;pwned") >= 10
    assert "gnp.exe A B C" in words(shown)
    coloured = curl.get("/40404?color").content.decode()
    assert SGR.sub("", coloured) == shown
    name = quote(f"evil{HOSTILE.strip()}")
    assert "]0;pwned" in text(curl, f"/{name}")
    assert "]0;pwned" in text(curl, f"/x?{name}", status=400)


def test_the_same_text_is_not_sent_twice_and_head_has_no_body(curl: Client) -> None:
    for path in ("/3440", "/ssh", "/3440.txt", "/ssh.txt?lang=tr&color"):
        first = curl.get(path)
        validator = first.headers["ETag"]
        again = curl.get(path, headers={"if-none-match": validator})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["Vary" if "lang" not in path else "ETag"]
        head = curl.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["Content-Length"] == str(len(first.content))
        assert curl.post(path).status_code == 405
        assert "s-maxage=60" in first.headers["Cache-Control"]
    languages = {curl.get(f"/3440?lang={tag}").headers["ETag"] for tag in ("en", "tr", "de")}
    assert len(languages) == 3


def test_a_text_leads_search_engines_to_the_page(curl: Client) -> None:
    assert curl.get("/3440?lang=tr").headers["Link"] == (
        f'<{settings.SITE_URL}/tr/ports/3440/>; rel="canonical"'
    )


@pytest.mark.parametrize(
    ("path", "most"),
    [("/3440", 5), ("/80", 5), ("/50000", 5), ("/ssh", 6), ("/ssh.txt", 8), ("/no-such", 3)],
)
def test_a_text_costs_few_queries(curl: Client, path: str, most: int) -> None:
    load_articles()
    curl.get(path)
    with CaptureQueriesContext(connection) as asked:
        curl.get(path)
    assert len(asked) <= most, [each["sql"] for each in asked]


def test_a_draft_is_not_seen_and_what_is_live_is(curl: Client) -> None:
    owner, article = published_article(40500, body="Seen by all.")
    write_text(article, "body", "en", "Seen by nobody.")
    assert "Seen by all." in text(curl, "/40500")
    publish(owner)
    assert "Seen by nobody." in text(curl, "/40500")
    document(40501)
    assert "Seen" not in text(curl, "/40501")
