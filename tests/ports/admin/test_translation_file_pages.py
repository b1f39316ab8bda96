"""Taking a translation away as a PO file and bringing it back, over HTTP and by command."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from ports.bundled_articles import load_articles
from ports.editorial.translation_files import MOST_BYTES
from ports.languages import LANGUAGES, SOURCE
from ports.models import FAQ, Article, Document, Edition, History, Revision, Source, WorkEvent
from ports.publishing.translation_files import document_name, document_named
from tests.ports.admin.staff import with_roles
from tests.ports.writing import add, document, editor, person, publish, save, write, write_text

pytestmark = pytest.mark.django_db

PAGE = "/admin/ports/port/4444/translate/tr"
SUMMARY = "Uses {service 443/tcp}, see `ss`."


@pytest.fixture
def article() -> Article:
    """An article with a history and a question, its title and body in Turkish too."""
    owner = document(4444)
    found = add(
        owner, Article, title_en="Title", summary_en=SUMMARY, body_en="One.\n\nTwo “lines”.[^iana]"
    )
    add(owner, Source, key="iana", title="Registry", url="https://iana.example/", position=10)
    add(owner, History, date="2002", title_en="Event", position=10)
    add(owner, FAQ, question_en="Why?", answer_en="Because.", position=10)
    write(found, title_tr="Başlık", body_tr="Bir.\n\nİki “satır”.[^iana]")
    save(owner)
    return Article.objects.get(pk=found.pk)


@pytest.fixture
def translator(article: Article) -> Client:
    return with_roles("çevirmen", "translator:tr")


def download(client: Client, page: str = PAGE) -> str:
    response = client.get(f"{page}/po/")
    assert response.status_code == 200
    return response.content.decode()


def send(client: Client, content: str | bytes, page: str = PAGE) -> Any:
    data = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile("port-4444.tr.po", data)
    return client.post(f"{page}/po/", {"file": file}, headers={"accept-language": "en"})


def outcome(response: Any) -> dict[str, tuple[str, ...]]:
    """Of each row of the result: what it is about, and its cells."""
    assert response.status_code == 200
    rows = re.findall(
        r'<tr>\s*<th scope="row">(.*?)</th>(.*?)</tr>', response.content.decode(), re.DOTALL
    )
    return {
        unescape(re.sub(r"<[^>]+>", "", name)): tuple(
            re.sub(r"<[^>]+>", " ", cell).strip()
            for cell in re.findall(r"<td[^>]*>(.*?)</td>", cells, re.DOTALL)
        )
        for name, cells in rows
    }


def filled_in(file: str, **translations: str) -> str:
    """The file with translations of the texts that begin so in English."""
    for english, translation in translations.items():
        pattern = rf'(msgid "{english}[^\n]*"\n)msgstr "[^\n]*"'
        file, count = re.subn(pattern, rf'\1msgstr "{translation}"', file)
        assert count == 1, english
    return file


def turkish() -> Edition:
    return Edition.objects.select_related("latest_revision__source_revision").get(
        document__port_id=4444, language="tr"
    )


def revisions() -> int:
    return Revision.objects.count()


def errors(response: Any) -> str:
    found = re.search(
        r'<ul class="errorlist"[^>]*>(.*?)</ul>', response.content.decode(), re.DOTALL
    )
    assert found, "no error is shown"
    return re.sub(r"<[^>]+>", "", found[1])


def test_the_file_is_downloaded_under_its_name(translator: Client) -> None:
    response = translator.get(f"{PAGE}/po/")
    assert response["Content-Disposition"] == 'attachment; filename="port-4444.tr.po"'
    assert "no-store" in response["Cache-Control"]
    file = response.content.decode()
    assert '"X-Portsite-Document: port 4444\\n"' in file
    assert 'msgid "Title"\nmsgstr "Başlık"' in file
    assert 'msgid "Why?"\nmsgstr ""' in file
    assert "#. Event in the port's history 1 – event" in file


def test_a_withdrawn_part_is_not_in_the_file(translator: Client) -> None:
    write(FAQ.objects.get(), removed_at="2026-01-01T00:00Z")
    save(document(4444))
    assert "Why?" not in download(translator)


@pytest.mark.parametrize("code", [each.code for each in LANGUAGES if each is not SOURCE])
def test_bringing_back_what_was_downloaded_changes_nothing(code: str, article: Article) -> None:
    write_text(article, "title", code, 'Ä "q" \\ \u200f😀\tx')
    write_text(article, "lesson", code, "not shown: English has none")
    save(document(4444))
    client, page = with_roles("t", "translator"), f"/admin/ports/port/4444/translate/{code}"
    before = revisions()
    response = send(client, download(client, page), page)
    assert "Nothing was changed" in response.content.decode()
    assert outcome(response)["Article – title"][0] == "Unchanged"
    assert revisions() == before


def test_what_was_translated_is_saved_as_one_draft(translator: Client) -> None:
    response = send(translator, filled_in(download(translator), Why="Neden?", Event="Olay"))
    assert "2 texts were taken" in response.content.decode()
    assert outcome(response)["Event in the port's history 1 – event"][:2] == ("Taken", "Olay")
    assert outcome(response)["Article – title"][0] == "Unchanged"
    edition = turkish()
    assert edition.latest_revision is not None
    assert (edition.latest_revision.number, edition.work) == (2, "draft")
    assert edition.latest_revision.created_by == person("çevirmen")
    texts = [text for fields in edition.latest_revision.texts.values() for text in fields.values()]
    assert sorted(texts) == ["Başlık", "Bir.\n\nİki “satır”.[^iana]", "Neden?", "Olay"]
    assert FAQ.objects.values_list("question_tr", "question_en").get() == ("Neden?", "Why?")


def test_the_same_file_again_changes_nothing(translator: Client) -> None:
    file = filled_in(download(translator), Why="Neden?", Title="Yeni")
    send(translator, file)
    before = revisions()
    response = send(translator, file)
    assert "Nothing was changed" in response.content.decode()
    assert revisions() == before


def test_the_first_translation_of_a_document_is_taken(article: Article) -> None:
    page = "/admin/ports/port/4444/translate/ar"
    client = with_roles("t", "translator:ar")
    response = send(client, filled_in(download(client, page), Title="عنوان"), page)
    assert outcome(response)["Article – title"][:2] == ("Taken", "عنوان")
    assert Edition.objects.get(language="ar").latest_revision is not None


def test_exactly_what_changed_here_meanwhile_is_refused(
    translator: Client, article: Article
) -> None:
    file = filled_in(
        download(translator), Title="Benim", Why="Neden?", Event="Olay", Because="Evet"
    )
    write_text(article, "title", "tr", "Onların")
    write_text(History.objects.get(), "title", "en", "Another event")
    save(document(4444))
    found = outcome(send(translator, file))
    refused = {name: cells for name, cells in found.items() if cells[0].startswith("Refused")}
    event = "Event in the port's history 1 – event"
    assert set(refused) == {"Article – title", event}
    assert refused["Article – title"][1:] == ("Benim", "Onların")
    assert "another one than when the file was downloaded" in refused["Article – title"][0]
    assert refused[event][1] == "Olay"
    assert "The English text is another one by now" in refused[event][0]
    assert Article.objects.values_list("title_tr", flat=True).get() == "Onların"
    assert FAQ.objects.values_list("question_tr", "answer_tr").get() == ("Neden?", "Evet")


def test_a_translation_that_loses_a_token_is_refused_and_the_rest_is_taken(
    translator: Client,
) -> None:
    found = outcome(send(translator, filled_in(download(translator), Uses="Kısa `ss`", Why="Ne?")))
    assert found["Article – summary"][:2] == (
        "Refused The translation lacks the token {service 443/tcp}.", "Kısa `ss`",
    )  # fmt: skip
    assert FAQ.objects.values_list("question_tr", flat=True).get() == "Ne?"


def test_what_was_made_from_an_older_english_text_is_fuzzy_until_somebody_looks(
    translator: Client, article: Article
) -> None:
    write_text(article, "title", "en", "New title")
    save(document(4444))
    file = download(translator)
    assert '#, fuzzy\n#| msgid "Title"\n' in file
    response = send(translator, filled_in(file, Why="Neden?"))
    assert outcome(response)["Article – title"][0] == "Left out: marked as fuzzy"
    assert "not yet in step" in response.content.decode()
    # The revision that was made says so too: the next file is fuzzy at the same place.
    assert '#, fuzzy\n#| msgid "Title"\n' in download(translator)

    response = send(translator, filled_in(download(translator), New="Yeni").replace("#, fuzzy", ""))
    assert outcome(response)["Article – title"][:2] == ("Taken", "Yeni")
    assert "not yet in step" not in response.content.decode()
    assert "#, fuzzy" not in download(translator)


def test_a_text_no_longer_marked_as_fuzzy_is_found_still_correct(
    translator: Client, article: Article
) -> None:
    write_text(article, "title", "en", "New title")
    save(document(4444))
    before = revisions()
    file = download(translator).replace("#, fuzzy", "")
    assert "right for today’s English" in send(translator, file).content.decode()
    assert revisions() == before
    assert WorkEvent.objects.get(action="still_correct").by == person("çevirmen")
    assert "#, fuzzy" not in download(translator)
    assert "Nothing was changed" in send(translator, file).content.decode()


def test_a_fault_that_stands_in_another_text_refuses_the_file_and_saves_nothing(
    translator: Client,
) -> None:
    file = filled_in(download(translator), Why="Neden?")
    write(Article.objects.get(), body_en="One. Two.")
    write(Source.objects.get(), removed_at="2026-01-01T00:00Z")
    save(document(4444))
    before = revisions()
    found = outcome(send(translator, file))
    (name,) = [name for name, cells in found.items() if cells[1:] and cells[1] == "Neden?"]
    assert "[^iana]" in found[name][0]
    assert found[name][0].startswith("Refused")
    assert revisions() == before
    assert not FAQ.objects.values_list("question_tr", flat=True).get()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda file: file.replace("port 4444", "port 4445"), "another document: port 4445"),
        (lambda file: file.replace("Language: tr", "Language: de"), "another language: de"),
        (lambda file: file.replace("Başlık", "Ba\0şlık"), "NUL"),
        (lambda file: file.encode("utf-16"), "not in UTF-8"),
        (lambda _file: "Good day", "no PO file"),
        (lambda _file: "", "empty"),
        (lambda file: file + "#" * MOST_BYTES, "too large"),
        (lambda file: file + '\nmsgid "a"\nmsgstr ""\n' * 50_000, "too many entries"),
        (lambda file: file.replace("tr\\n", "tr\\nPlural-Forms: nplurals=9999999999;\\n") + "x",
         "no PO file"),
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused_in_words(translator: Client, change: Any, message: str) -> None:
    before = revisions()
    assert message in errors(send(translator, change(download(translator))))
    assert revisions() == before


def test_an_upload_without_a_file_says_so(translator: Client) -> None:
    response = translator.post(f"{PAGE}/po/", {}, headers={"accept-language": "en"})
    assert "required" in errors(response)


def test_an_error_is_told_in_the_language_of_the_editor(translator: Client) -> None:
    user = person("çevirmen")
    user.preferred_language = "de"
    user.save()
    assert "leer" in errors(send(translator, ""))


@pytest.mark.parametrize("role", ["translator:de", "writer", "reviewer:tr", "publisher:tr"])
def test_who_does_not_translate_into_the_language_may_only_download(
    role: str, article: Article
) -> None:
    client = with_roles("x", role)
    file = download(client)
    assert client.get(f"{PAGE}/import/").status_code == 403
    assert send(client, filled_in(file, Why="Neden?")).status_code == 403
    assert not FAQ.objects.values_list("question_tr", flat=True).get()


def test_strangers_see_nothing(article: Article) -> None:
    assert with_roles("x").get(f"{PAGE}/po/").status_code == 403
    assert Client().get(f"{PAGE}/po/").status_code == 302


@pytest.mark.parametrize(
    "page",
    [
        "/admin/ports/port/4444/translate/en",
        "/admin/ports/port/4444/translate/xx",
        "/admin/ports/port/5555/translate/tr",
    ],
)
def test_there_is_no_file_of_the_source_of_no_language_and_of_nothing(
    page: str, article: Article
) -> None:
    client = with_roles("x", "writer", "translator")
    assert client.get(f"{page}/po/").status_code == 404
    assert client.get(f"{page}/import/").status_code == 404
    assert send(client, "x", page).status_code == 404


def test_the_page_offers_both_ways_and_the_publishing_page_leads_there(translator: Client) -> None:
    shown = translator.get(f"{PAGE}/import/").content.decode()
    assert f'href="{PAGE}/po/"' in shown
    assert f'action="{PAGE}/po/"' in shown
    assert (
        f'href="{PAGE}/import/"'
        in translator.get("/admin/ports/port/4444/publishing/").content.decode()
    )


def test_a_large_document_takes_few_queries(
    translator: Client, django_assert_max_num_queries: Any
) -> None:
    for place in range(60):
        add(document(4444), FAQ, question_en=f"Q{place}?", answer_en="Yes.", position=place)
    save(document(4444))
    with django_assert_max_num_queries(15):
        file = download(translator)
    with django_assert_max_num_queries(40):
        send(translator, filled_in(file, Why="Neden?"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    load_articles()
    call_command("export_translations", language="tr", folder=tmp_path)
    return tmp_path


def test_all_published_documents_are_written_to_a_folder(folder: Path, article: Article) -> None:
    names = {path.name.partition(".")[0].partition("-")[0] for path in folder.iterdir()}
    assert names == {"port", "usage"}
    assert len([*folder.iterdir()]) == 6
    assert "port-3440.tr.po" in {path.name for path in folder.iterdir()}
    assert not (folder / "port-4444.tr.po").exists()  # a draft only


def test_a_folder_brought_back_unchanged_changes_nothing(folder: Path, capsys: Any) -> None:
    before = revisions()
    call_command("import_translations", folder, by=editor().username)
    assert revisions() == before
    assert "6 files, 0 of them with something refused." in capsys.readouterr().out


def test_a_folder_of_translations_is_taken_in(folder: Path, capsys: Any) -> None:
    usage = Document.objects.filter(kind="usage").order_by("pk")[0]
    path = folder / f"usage-{usage.usage_id}.tr.po"
    entry = path.read_text().rpartition('msgstr ""')
    english = usage.editions.get(language="en").latest_revision
    assert english is not None
    (fields,) = english.texts.values()
    translation = fields["description"].replace("\\", "\\\\").replace('"', '\\"')
    translation = translation.replace("\n", "\\n")
    path.write_text(f'{entry[0]}msgstr "{translation} Evet."\n')
    (folder / "bad.po").write_text("nothing")
    call_command("import_translations", folder, by=editor().username)
    told = capsys.readouterr().out
    assert f"{path.name}: taken 1" in told
    assert "bad.po: refused: The file is no PO file." in told
    assert "7 files, 1 of them" in told
    assert usage.editions.get(language="tr").latest_revision is not None


def test_the_commands_refuse_what_they_cannot_do(folder: Path, capsys: Any) -> None:
    with pytest.raises(CommandError, match="no user"):
        call_command("import_translations", folder, by="nobody")
    with pytest.raises(CommandError, match="no folder"):
        call_command("import_translations", folder / "x", by=editor().username)
    person("stranger", "translator:de")
    call_command("import_translations", folder, by="stranger")
    assert "6 files, 6 of them" in capsys.readouterr().out


def test_a_name_of_a_document_leads_to_it_alone() -> None:
    load_articles()
    for found in Document.objects.all():
        assert document_named(document_name(found)) == found
    for name in [
        "port ٣٤٤٠",
        "port -1",
        "port 99999",
        "port",
        "usage x",
        "gloss ",
        "",
        "x y",
        "port 1",
    ]:
        assert document_named(name) is None


def test_a_translation_that_is_live_stays_so_until_the_draft_is_published(
    translator: Client, article: Article
) -> None:
    publish(document(4444), "en", "tr")
    live = turkish().live_revision_id
    send(translator, filled_in(download(translator), Why="Neden?"))
    assert turkish().live_revision_id == live
