"""The glossary: complete in every language, loaded without overwriting, written by role."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from ports.editorial import working
from ports.editorial.parts import column
from ports.glossary import load_glossary, read_glossary
from ports.languages import LANGUAGES, SOURCE, Language
from ports.models import GlossaryTerm
from portsite import catalogues
from tests.ports.admin.forms import Form
from tests.ports.admin.staff import with_roles
from tests.ports.writing import person

TERMS = "/admin/ports/glossaryterm/"


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_every_language_has_every_term_and_no_empty_one(language: Language) -> None:
    english, found = read_glossary(SOURCE), read_glossary(language)
    assert list(found) == list(english)
    assert len(found) > 40
    for key, entry in found.items():
        assert set(entry) <= {"term", "note"}, key
        for name, longest in (("term", 120), ("note", 300)):
            text = entry.get(name, "x")
            assert text == text.strip(), key
            assert 0 < len(text) <= longest, key


@pytest.mark.parametrize(
    "language", [each for each in LANGUAGES if each is not SOURCE], ids=lambda each: each.code
)
def test_the_glossary_says_what_the_interface_says(language: Language) -> None:
    terms = {key: entry["term"] for key, entry in read_glossary(language).items()}
    catalogue = catalogues.read(language)
    for key, said in (
        ("port", "port"),
        ("service-name", "service name"),
        ("transport-protocol", "transport protocol"),
        ("assignment", "assignment"),
        ("assignee", "assignee"),
        ("reserved", "Reserved"),
        ("unassigned", "Unassigned"),
        ("unofficial-use", "Unofficial use"),
        ("malware", "Malware"),
    ):
        message = catalogue.get(said)
        assert message is not None
        assert terms[key].casefold() == str(message.string).casefold(), key


@pytest.mark.django_db
def test_loading_adds_every_term_in_every_language() -> None:
    assert load_glossary() == GlossaryTerm.objects.count() == len(read_glossary(SOURCE))
    for each in LANGUAGES:
        stored = dict(GlossaryTerm.objects.values_list("key", column("term", each)))
        assert stored == {key: entry["term"] for key, entry in read_glossary(each).items()}


@pytest.mark.django_db
def test_loading_again_changes_nothing_and_asks_once(django_assert_num_queries: Any) -> None:
    load_glossary()
    with django_assert_num_queries(3):  # one between the two of a savepoint
        assert load_glossary() == 0


@pytest.mark.django_db
def test_an_editors_word_is_kept_and_an_empty_column_filled(capsys: Any) -> None:
    load_glossary()
    term = GlossaryTerm.objects.only("pk").get(key="daemon")
    working.update(GlossaryTerm, term.pk, {"term_tr": "daemon", "term_ind": "", "term_de": None})
    call_command("load_glossary")
    assert "1 terms" in capsys.readouterr().out
    stored = GlossaryTerm.objects.values_list("term_tr", "term_ind", "term_de", "term_en", "term")
    assert stored.rewrite(False).get(pk=term.pk) == (
        "daemon", "daemon", "Daemon", "daemon", "daemon",
    )  # fmt: skip


def stored(key: str, *names: str) -> tuple[str, ...]:
    return GlossaryTerm.objects.rewrite(False).values_list(*names).get(key=key)


@pytest.fixture
def daemon(db: None) -> str:
    """The address of a term's form, in German and Turkish."""
    load_glossary()
    term = GlossaryTerm.objects.only("pk").get(key="daemon")
    return f"{TERMS}{term.pk}/change/?language=de&language=tr"


def test_a_translator_writes_their_language_and_no_other(daemon: str) -> None:
    form = Form(with_roles("t", "translator:tr"), daemon)
    # As a browser never would: the fields of other languages are disabled.
    form.fill(term_tr="artalan", term_de="Dämon", term_en="demon", note_tr="Unix’te.")
    assert form.save().status_code == 200
    assert stored("daemon", "term_tr", "note_tr", "term_de", "term_en", "term") == (
        "artalan", "Unix’te.", "Daemon", "daemon", "daemon",
    )  # fmt: skip


def test_a_writer_of_english_writes_the_plain_column_too(daemon: str) -> None:
    form = Form(with_roles("w", "writer"), daemon).fill(term_en="daemon process", term_de="X")
    form.save()
    assert stored("daemon", "term_en", "term", "term_de") == (
        "daemon process", "daemon process", "Daemon",
    )  # fmt: skip


def test_whoever_only_reviews_reads_the_glossary(daemon: str) -> None:
    client = with_roles("r", "reviewer")
    assert client.get(daemon).status_code == 200
    assert client.post(daemon, {"term_tr": "x"}).status_code == 403
    assert with_roles("nobody").get(TERMS).status_code == 403
    assert Client().get(TERMS).status_code == 302


def test_two_editors_of_one_word_do_not_overwrite_each_other(daemon: str) -> None:
    translator = with_roles("t", "translator")
    first, second = Form(translator, daemon), Form(translator, daemon)
    first.fill(term_tr="artalan").save()
    answer = second.fill(term_tr="iblis", term_de="Dienst").save()
    assert "artalan" in answer.content.decode()
    assert stored("daemon", "term_tr", "term_de") == ("artalan", "Daemon")
    third = Form(translator, daemon)
    Form(translator, daemon).fill(term_tr="arka plan").save()
    third.fill(term_de="Dienst").save()
    assert stored("daemon", "term_tr", "term_de") == ("arka plan", "Dienst")


def test_a_writer_of_english_adds_terms(db: None) -> None:
    page = f"{TERMS}add/?language=de"
    client = with_roles("w", "writer", "translator:de")
    Form(client, page).fill(term_en=" Port knocking ", term_de="Anklopfen", note_en="").save()
    assert stored("port-knocking", "term_en", "term", "term_de") == (
        "Port knocking", "Port knocking", "Anklopfen",
    )  # fmt: skip
    again = Form(client, page).fill(term_en="port knocking").save()
    assert "already" in again.content.decode()
    nothing = Form(client, page).fill(term_en="порт").save()
    assert "Latin letters" in nothing.content.decode()
    assert GlossaryTerm.objects.count() == 1
    assert with_roles("t", "translator").get(page).status_code == 403


def test_no_term_is_deleted(daemon: str) -> None:
    client = with_roles("all", "writer", "translator")
    assert client.post(daemon.replace("change", "delete"), {"post": "yes"}).status_code == 403
    load = {"action": "delete_selected", "_selected_action": [daemon.split("/")[4]]}
    client.post(TERMS, load)
    assert GlossaryTerm.objects.filter(key="daemon").exists()


def test_the_list_shows_the_editors_languages_and_finds_their_words(
    daemon: str, django_assert_max_num_queries: Any
) -> None:
    client = with_roles("t", "translator:tr")
    user = person("t")
    user.working_languages = ["tr"]
    user.save()
    with django_assert_max_num_queries(10):
        page = client.get(TERMS).content.decode()
    assert "güvenlik duvarı" in page
    assert "Schadsoftware" not in page
    found = client.get(TERMS, {"q": "duvarı"}).content.decode()
    assert "firewall" in found
    assert "istemci" not in found


def test_a_text_of_another_language_says_so(daemon: str) -> None:
    page = with_roles("t", "translator:ar").get(daemon.split("?")[0] + "?language=ar")
    assert 'lang="ar"' in page.content.decode()
    assert 'dir="rtl"' in page.content.decode()
