"""The matrix: what it says of each document in each language, what is found, and what it costs."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from ports import publishing
from ports.languages import LANGUAGES
from ports.models import Article, Document, Revision, User
from tests.ports.admin.staff import with_roles
from tests.ports.many import many_documents
from tests.ports.writing import (
    add,
    approve,
    document,
    editor,
    gloss,
    language,
    publish,
    reviewer,
    save,
    usage,
    write,
)

pytestmark = pytest.mark.django_db

MATRIX = "/admin/ports/document/matrix/"


@pytest.fixture
def translator(db: None) -> Client:
    return with_roles("anna", "translator:tr")


def get(client: Client, query: str = "") -> str:
    response = client.get(MATRIX + query)
    assert response.status_code == 200
    return response.content.decode()


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split()).replace(" ,", ",")


def table(page: str) -> dict[str, dict[str, str]]:
    """What each cell says, by the name of the row and the heading of the column."""
    matrix = page.partition('<table class="matrix">')[2].partition("</table>")[0]
    columns = [plain(cell) for cell in re.findall(r'<th scope="col">(.*?)</th>', matrix, re.DOTALL)]
    return {
        plain(row[0]): dict(zip(columns[1:], map(plain, row[1:]), strict=True))
        for line in matrix.partition("<tbody>")[2].split("<tr>")[1:]
        if (row := re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL))
    }


def found(client: Client, query: str) -> list[str]:
    return [*table(get(client, query))]


def article(number: int, **texts: str) -> tuple[Document, Article]:
    owner = document(number)
    row = add(owner, Article, title_en="A title", **texts)
    save(owner)
    return owner, row


@pytest.fixture
def states(db: None) -> None:
    """Ports 1 to 8, each further on its way in Turkish than the one before."""
    who: dict[str, Any] = {"language": language("tr"), "number": 1}
    article(1)
    article(2, title_tr="Başlık")
    owner, _row = article(3, title_tr="Başlık")
    publishing.submit(document=owner, by=editor(), **who)
    owner, _row = article(4, title_tr="Başlık")
    publishing.submit(document=owner, by=editor(), **who)
    publishing.request_changes(document=owner, by=reviewer(), note="No.", **who)
    owner, _row = article(5, title_tr="Başlık")
    approve(owner, "tr")
    owner, _row = article(6, title_tr="Başlık")
    publish(owner, "en")
    approve(owner, "tr")
    tomorrow = timezone.now() + timedelta(days=1)
    publishing.schedule(document=owner, by=editor(), live_from=tomorrow, **who)
    owner, row = article(7, title_tr="Başlık")
    publish(owner, "en", "tr")
    write(row, title_tr="Başka")
    save(owner)
    for number, significance in ((8, "typo"), (9, "medium"), (10, "major")):
        owner, row = article(number, title_tr="Başlık")
        publish(owner, "en", "tr")
        write(row, title_en="Another title")
        publishing.save_revision(
            document=owner, by=editor(), significance=Revision.Significance(significance)
        )
        publish(owner)


TURKISH = {
    "Port 1": "○ missing",
    "Port 2": "✎ draft",
    "Port 3": "… in review",
    "Port 4": "↩ changes requested",
    "Port 5": "✓ approved",
    "Port 6": "✓ approved, » planned",
    "Port 7": "● live, ✎ draft",
    "Port 8": "◔ live, behind by typos",
    "Port 9": "◑ live, outdated",
    "Port 10": "◕ live, badly outdated",
}


def test_every_state_has_its_word(states: None, translator: Client) -> None:
    page = get(translator, "?language=tr")
    assert {row: cells["Türkçe"] for row, cells in table(page).items()} == TURKISH
    legend = page.partition('class="matrix-legend"')[2].partition("</dl>")[0]
    for cell in TURKISH.values():
        for sign in cell.split(", »")[0].split(", ✎"):
            assert sign in plain(legend)


def test_there_is_a_column_for_each_language_or_for_those_asked_for(
    states: None, translator: Client
) -> None:
    names = [each.name for each in LANGUAGES]
    assert [*table(get(translator))["Port 7"]] == names
    assert [*table(get(translator, "?language=tr&language=de&language=xx"))["Port 7"]] == [
        "Deutsch",
        "Türkçe",
    ]


def test_cells_lead_to_the_desk_names_to_publishing_and_english_to_the_form(
    translator: Client,
) -> None:
    article(7)
    owner, row = usage(name="MyDoom", kind="malware", first_port=3127, last_port=3198,
                       description_en="A worm.")  # fmt: skip
    save(owner)
    page = get(translator)
    for path in ("port/7", f"usage/{row.pk}"):
        for door in ("publishing", "change", "translate/tr", "translate/zh-hans"):
            assert f'href="/admin/ports/{path}/{door}/"' in page
        assert f"{path}/translate/en/" not in page


@pytest.mark.parametrize(
    ("state", "ports"),
    [
        ("missing", [1]),
        ("draft", [2, 7]),
        ("in_review", [3]),
        ("changes_requested", [4]),
        ("approved", [5, 6]),
        ("planned", [6]),
        ("live", [7]),
        ("typo", [8]),
        ("medium", [9]),
        ("major", [10]),
        ("outdated", [8, 9, 10]),
        ("nothing of the kind", [*range(1, 11)]),
    ],
)
def test_documents_are_found_by_their_state_in_a_language(
    states: None, translator: Client, state: str, ports: list[int]
) -> None:
    names = [f"Port {number}" for number in ports]
    assert found(translator, f"?language=tr&state={state}") == names


def test_missing_in_some_language(states: None, translator: Client) -> None:
    assert found(translator, "?language=tr&language=en&state=missing") == ["Port 1"]
    assert len(found(translator, "?state=missing")) == 10


def test_documents_are_found_by_kind_number_and_name(translator: Client) -> None:
    article(3130)
    article(22)
    save(usage(name="MyDoom", kind="malware", first_port=3127, last_port=3198,
               description_en="A worm.")[0])  # fmt: skip
    save(gloss(service_name="ssh", text_en="A shell.")[0])
    everything = ["Port 22", "Port 3130", "Usage MyDoom", "Gloss ssh"]
    assert found(translator, "") == everything
    assert found(translator, "?kind=usage") == ["Usage MyDoom"]
    assert found(translator, "?q=3130") == ["Port 3130", "Usage MyDoom"]
    assert found(translator, "?q=mydoom") == ["Usage MyDoom"]
    assert found(translator, "?q=ssh") == ["Port 22", "Gloss ssh"]
    assert found(translator, "?q=SSH&kind=port") == ["Port 22"]
    assert found(translator, "?kind=none&page=x") == everything


@pytest.mark.parametrize("search", ["٢٢", "9" * 40, "%00", "%25", "'", "a" * 300])
def test_nothing_is_found_for_what_nothing_is_called(translator: Client, search: str) -> None:
    article(22)
    page = get(translator, f"?q={search}")
    assert ("No text fits this." in page) is (search != "%00")


def test_who_has_no_role_is_refused(client: Client) -> None:
    client.force_login(User.objects.create_user("staff", is_staff=True))
    assert client.get(MATRIX).status_code == 403
    assert client.post(MATRIX).status_code in (403, 405)
    assert MATRIX not in client.get("/admin/").content.decode()


def test_the_first_page_and_the_desk_lead_to_the_matrix(translator: Client) -> None:
    article(22)
    front = translator.get("/admin/").content.decode()
    assert f'href="{MATRIX}"' in front
    assert "/admin/ports/document/" not in front.replace(MATRIX, "")
    desk = translator.get("/admin/ports/port/22/translate/tr/").content.decode()
    assert f'href="{MATRIX}?language=tr"' in desk


def test_two_thousand_documents_in_every_language_cost_few_queries(
    translator: Client, django_assert_max_num_queries: Any
) -> None:
    many_documents(2_000)
    for query, rows in (
        ("", 50),
        ("?page=40", 50),
        ("?language=tr", 50),
        ("?language=tr&state=missing", 50),
        ("?state=missing&page=4", 50),
        ("?language=tr&state=outdated", 0),
        ("?state=live&page=20", 50),
        ("?q=ssh", 1),
    ):
        with django_assert_max_num_queries(15):
            page = get(translator, query)
        assert len(table(page)) == rows, query
    assert len(table(get(translator))["Port 1"]) == len(LANGUAGES)
