"""The articles that come with the program: loaded once, left alone once an editor touched them."""

import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from ports import publishing
from ports.bundled_articles import ARTICLES, Fate, export_articles, load_articles
from ports.editorial.article_files import ArticleFileError
from ports.models import Article, Assignment, Document, Edition, Revision, Usage
from tests.ports.writing import editor, language, publish, published_article, write_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the bundled articles, to be changed."""
    return Path(shutil.copytree(ARTICLES, tmp_path / "articles"))


def fates(folder: Path = ARTICLES) -> set[Fate]:
    return {loaded.fate for loaded in load_articles(folder)}


def edition(number: int, code: str) -> Edition:
    return Edition.objects.select_related("live_revision").get(
        document__port_id=number, language=code
    )


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_first_four_articles_are_there_in_their_languages() -> None:
    assert fates() == {Fate.LOADED}
    live = Edition.objects.exclude(live_revision=None).values_list("document__port_id", "language")
    assert {pair for pair in live if pair[0]} == {
        (3440, "en"), (3440, "tr"), (3144, "en"), (3144, "nl"),
        (3410, "en"), (3410, "ru"), (3411, "en"), (3411, "id"),
    }  # fmt: skip
    assert Usage.objects.get(name="MyDoom.A").last_port == 3198


def test_loading_again_changes_nothing() -> None:
    load_articles()
    before = Revision.objects.count()
    assert fates() == {Fate.UNCHANGED}
    assert Revision.objects.count() == before


def test_what_is_loaded_and_not_changed_is_written_back_byte_for_byte(tmp_path: Path) -> None:
    load_articles()
    written = export_articles(tmp_path)
    for path in written:
        assert path.read_bytes() == (ARTICLES / path.relative_to(tmp_path)).read_bytes()
    assert len(written) == len(list(ARTICLES.rglob("*.md")))


def test_no_e_mail_address_is_bundled() -> None:
    for path in ARTICLES.rglob("*.md"):
        assert "@" not in path.read_text(encoding="utf-8"), path


def test_a_changed_file_is_loaded_and_published_again(folder: Path) -> None:
    load_articles(folder)
    replace(folder / "port/3440/en.md", "A registration without a product", "A new title")
    assert [loaded.fate for loaded in load_articles(folder)].count(Fate.LOADED) == 1
    live = edition(3440, "en").live_revision
    assert live is not None
    assert (live.number, live.origin) == (2, Revision.Origin.BUNDLED)
    assert "A new title" in str(live.texts)


def test_an_editors_text_is_never_overwritten(folder: Path) -> None:
    load_articles(folder)
    owner = Document.objects.get(port_id=3440)
    write_text(Article.objects.get(port_id=3440), "title", "en", "An editor's title")
    publish(owner)
    replace(folder / "port/3440/en.md", "A registration without a product", "A new title")
    kept = [loaded for loaded in load_articles(folder) if loaded.fate == Fate.KEPT]
    assert [loaded.path.name for loaded in kept] == ["en.md"]
    live = edition(3440, "en").live_revision
    assert live is not None
    assert "An editor's title" in str(live.texts)


def test_an_editors_draft_is_never_overwritten_either(folder: Path) -> None:
    load_articles(folder)
    owner = Document.objects.get(port_id=3440)
    write_text(Article.objects.get(port_id=3440), "title", "tr", "Taslak")
    publishing.save_revision(document=owner, by=editor())
    text = (folder / "port/3440/tr.md").read_text(encoding="utf-8")
    (folder / "port/3440/tr.md").write_text(text.rstrip() + "\n\nYeni.\n", encoding="utf-8")
    assert Fate.KEPT in fates(folder)
    assert Article.objects.values_list("title_tr", flat=True).get(port_id=3440) == "Taslak"


def test_what_an_editor_unpublished_stays_unpublished() -> None:
    load_articles()
    publishing.unpublish(
        document=Document.objects.get(port_id=3440), language=language("en"), by=editor()
    )
    load_articles()
    assert edition(3440, "en").live_revision is None
    assert edition(3440, "tr").live_revision is None


def test_an_article_of_an_editor_on_a_bundled_port_is_left_alone() -> None:
    published_article(3440, body="Ours.")
    load_articles()
    live = edition(3440, "en").live_revision
    assert live is not None
    assert live.origin == Revision.Origin.EDITOR


def test_an_article_whose_claims_the_registry_denies_is_kept_as_a_draft() -> None:
    Assignment.objects.filter(first_port=3144).update(service_name="somebody-else")
    loaded = load_articles()
    refused = [each for each in loaded if each.fate == Fate.NOT_PUBLISHED]
    assert {each.path.parent.name for each in refused} == {"3144"}
    assert edition(3144, "en").latest_revision is not None
    assert edition(3144, "en").live_revision is None


def test_a_broken_file_is_named_and_leaves_its_document_as_it_was(folder: Path) -> None:
    load_articles(folder)
    path = folder / "port/3440/en.md"
    replace(path, "{service 3440/tcp}", "{servise 3440/tcp}")
    with pytest.raises(ArticleFileError, match=r"3440/en\.md: Line \d+: there is no token"):
        load_articles(folder)
    assert Fate.LOADED not in fates()
    with pytest.raises(CommandError, match="servise"):
        call_command("load_articles", "--from", str(folder))


def test_a_translation_without_its_source_is_refused(folder: Path) -> None:
    (folder / "port/3440/en.md").unlink()
    with pytest.raises(ArticleFileError, match=r"3440/en\.md is missing"):
        load_articles(folder)


def test_a_part_whose_uuid_is_none_is_refused(folder: Path) -> None:
    path = folder / "port/3440/en.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('uuid = "', 'uuid = "x', 1), encoding="utf-8")
    with pytest.raises(ArticleFileError, match=r"3440/en\.md: 'x.*' is no uuid"):
        load_articles(folder)


def test_a_file_under_another_languages_name_is_refused(folder: Path) -> None:
    shutil.copy(folder / "port/3440/tr.md", folder / "port/3440/de.md")
    with pytest.raises(ArticleFileError, match=r"de\.md: its language is tr"):
        load_articles(folder)
