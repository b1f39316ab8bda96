"""The public history of an article: the versions that readers saw, and no other text."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ports import comments, publishing
from ports.models import FAQ, Article, Claim, Document, Edition, Source
from tests.ports.web.pages import get, source, text
from tests.ports.writing import (
    add,
    approve,
    document,
    editor,
    language,
    person,
    publish,
    published_article,
    reviewer,
    save,
    usage,
    write,
    write_text,
)

pytestmark = pytest.mark.django_db

HISTORY = "/{}/ports/4444/history/"


def history(reader: Client, code: str = "en") -> str:
    return text(get(reader, HISTORY.format(code)))


def version(reader: Client, number: int, code: str = "en") -> str:
    return text(get(reader, f"{HISTORY.format(code)}{number}/"))


def marked(reader: Client, number: int, tag: str, code: str = "en") -> list[str]:
    """What is marked as having come (`ins`) or gone (`del`)."""
    page = source(get(reader, f"{HISTORY.format(code)}{number}/"))
    return re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)


def statuses(reader: Client, *numbers: int, code: str = "en") -> list[int]:
    return [reader.get(f"{HISTORY.format(code)}{n}/").status_code for n in numbers]


def numbers(reader: Client, code: str = "en") -> list[str]:
    return re.findall(r"/history/(\d+)/", source(get(reader, HISTORY.format(code))))


@pytest.fixture
def article() -> Article:
    """Versions 1 and 3, and between and after them drafts that were never live."""
    owner, row = published_article(4444, body="The first story.")
    write_text(row, "body", "en", "The secret story.")
    save(owner)
    write_text(row, "body", "en", "The second story.")
    publish(owner)
    write_text(row, "body", "en", "The coming story.")
    save(owner)
    return row


def test_versions_are_listed_the_latest_first_and_drafts_are_not(
    reader: Client, article: Article
) -> None:
    assert numbers(reader) == ["3", "1"]
    assert statuses(reader, 1, 2, 3, 4, 5) == [200, 404, 200, 404, 404]
    words = history(reader)
    today = timezone.now().strftime("%B ") + str(timezone.now().day)
    assert words.count(f"{today}, {timezone.now().year}") == 5
    assert words.index("Revision 3") < words.index("today") < words.index("Revision 1")


def test_a_version_shows_its_texts_and_what_it_changed(reader: Client, article: Article) -> None:
    assert (marked(reader, 3, "del"), marked(reader, 3, "ins")) == (["first"], ["second"])
    words = version(reader, 3)
    assert "Article – body" in words
    assert "The second story." in words.partition("as it was written")[2]
    assert "Compared with revision 1" in words
    first = version(reader, 1)
    assert "The first story." in first
    assert "Nothing was published before it." in first
    assert "earlier version" in first
    assert "earlier version" not in words
    for number in (1, 3):
        page = source(get(reader, f"{HISTORY.format('en')}{number}/"))
        assert "secret" not in page
        assert "coming" not in page


def test_whoever_reviewed_is_not_named_and_their_notes_are_not_shown(reader: Client) -> None:
    owner, _row = published_article(4444)
    words = history(reader)
    assert "by nobody but its authors" not in words
    write(Article.objects.get(), lesson_en="A lesson")
    save(owner)
    what = {"document": owner, "language": language("en"), "number": 2}
    publishing.submit(**what, by=editor(), note="Quietly")
    publishing.request_changes(**what, by=reviewer(), note="A rude remark")
    publishing.submit(**what, by=editor())
    alone = person("lonesome")
    alone.is_superuser = True
    alone.save()
    publishing.approve_without_review(**what, by=alone, note="Nobody is here")
    comments.add(revision=Edition.objects.get().latest_revision, text="A canary", by=editor())  # type: ignore[arg-type]
    publishing.publish(document=owner, language=language("en"), by=editor())
    assert "by nobody but its authors" in history(reader)
    for path in (HISTORY.format("en"), f"{HISTORY.format('en')}2/", "/en/ports/4444/"):
        page = source(get(reader, path))
        for hidden in ("Quietly", "rude", "Nobody is here", "canary", "lonesome", ">rev<"):
            assert hidden not in page


def test_the_authors_are_those_of_what_is_new_in_a_version(reader: Client) -> None:
    owner, row = published_article(4444)
    write_text(row, "title", "en", "One")
    publishing.save_revision(document=owner, by=person("ann", "writer"))
    write_text(row, "title", "en", "Two")
    publishing.save_revision(document=owner, by=person("bob", "writer"))
    approve(owner)
    publishing.publish(document=owner, language=language("en"), by=editor())
    assert "ann and bob" in version(reader, 3)
    assert "<bdi>ed</bdi>" not in source(get(reader, f"{HISTORY.format('en')}3/"))


def test_the_weightiest_change_since_the_version_before_counts(reader: Client) -> None:
    owner, row = published_article(4444)
    for title, significance in (("One", "major"), ("Two", "typo")):
        write_text(row, "title", "en", title)
        publishing.save_revision(document=owner, by=editor(), significance=significance)  # type: ignore[arg-type]
    assert "Major" not in history(reader)
    approve(owner)
    publishing.publish(document=owner, language=language("en"), by=editor())
    assert "Major: says something else" in history(reader)
    assert "says" not in version(reader, 1)


def test_what_was_brought_back_is_one_version_shown_twice(reader: Client, article: Article) -> None:
    owner = Document.objects.get()
    publishing.publish(document=owner, language=language("en"), number=1, by=editor())
    assert numbers(reader) == ["1", "3"]
    assert source(get(reader, HISTORY.format("en"))).count("<dd><time") == 3 + 2
    assert "Nothing was published before it." in version(reader, 1)
    assert marked(reader, 3, "ins") == ["second"]


@pytest.mark.parametrize("end", ["unpublished", "expired"])
def test_what_was_taken_from_readers_is_not_seen_in_the_history_either(
    reader: Client, article: Article, end: str
) -> None:
    owner = Document.objects.get()
    if end == "unpublished":
        publishing.unpublish(document=owner, language=language("en"), by=editor())
    else:
        publishing.schedule(
            document=owner, language=language("en"), number=4, by=editor(), live_from=None,
            live_until=timezone.now() + timedelta(days=1),
        )  # fmt: skip
        publishing.carry_out_due(timezone.now() + timedelta(days=2))
    words = history(reader)
    assert "Nothing is published in this language any more." in words
    assert str(timezone.now().year) in words
    assert "Revision 1" not in words
    assert statuses(reader, 1, 2, 3, 4) == [404] * 4
    assert '<meta name="robots" content="noindex">' in source(get(reader, HISTORY.format("en")))

    publish(owner)
    assert numbers(reader) == ["4"]
    assert statuses(reader, 1, 3, 4) == [404, 404, 200]
    assert "withdrawn, and is not shown" in history(reader)
    page = source(get(reader, f"{HISTORY.format('en')}4/"))
    assert "second" not in page
    assert "Nothing was published before it." in page


def test_what_was_never_live_has_no_history(reader: Client) -> None:
    assert reader.get(HISTORY.format("en")).status_code == 404
    owner = document(4444)
    add(owner, Article, title_en="A title")
    save(owner)
    approve(owner)
    publishing.schedule(
        document=owner, language=language("en"), number=1, by=editor(),
        live_from=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    assert reader.get(HISTORY.format("en")).status_code == 404
    assert statuses(reader, 1) == [404]


def test_a_usage_has_no_history(reader: Client) -> None:
    owner, _row = usage(
        name="A program", kind="legacy", first_port=4444, last_port=4444, description_en="Text."
    )
    publish(owner)
    assert reader.get(HISTORY.format("en")).status_code == 404


def test_a_translation_has_its_own_versions_and_the_english_ones_below(reader: Client) -> None:
    owner, row = published_article(4444, body="The story.")
    write_text(row, "title", "tr", "Başlık")
    write_text(row, "body", "tr", "Gizli taslak.")
    save(owner)
    write_text(row, "body", "tr", "Öykü.")
    publish(owner, "tr")
    page = source(get(reader, HISTORY.format("tr")))
    assert page.index("/tr/ports/4444/history/2/") < page.index("/en/ports/4444/history/1/")
    assert statuses(reader, 1, 2, code="tr") == [404, 200]
    assert "Öykü." in version(reader, 2, "tr")
    assert "Gizli" not in version(reader, 2, "tr")
    assert '<div class="written" lang="tr" dir="ltr">Öykü.</div>' in source(
        get(reader, f"{HISTORY.format('tr')}2/")
    )
    assert numbers(reader, "de") == ["1"]
    assert statuses(reader, 1, code="de") == [404]
    publishing.unpublish(document=owner, language=language("tr"), by=editor())
    assert statuses(reader, 2, code="tr") == [404]
    assert numbers(reader, "tr") == ["1"]


def test_a_translated_part_that_is_not_live_in_english_is_not_seen(reader: Client) -> None:
    owner, row = published_article(4444)
    question = add(
        owner, FAQ, question_en="Why?", answer_en="So.", question_tr="Gizli soru",
        answer_tr="Gizli kelime",
    )  # fmt: skip
    write_text(row, "title", "tr", "Başlık")
    publish(owner, "tr")
    for path in (HISTORY.format("tr"), f"{HISTORY.format('tr')}1/", "/tr/ports/4444/"):
        assert "Gizli" not in source(get(reader, path))
    write_text(question, "answer", "tr", "Gizli ek")
    publish(owner, "tr")
    page = source(get(reader, f"{HISTORY.format('tr')}2/"))
    assert "Gizli" not in page
    approve(owner)
    publishing.publish(document=owner, language=language("en"), by=editor())
    assert "Gizli ek" in source(get(reader, f"{HISTORY.format('tr')}2/"))
    # What the version before held of it was never seen: it is not told to have gone.
    assert "kelime" not in version(reader, 1, "tr") + version(reader, 2, "tr")


def test_structure_is_told_in_words_and_claims_are_not(reader: Client) -> None:
    owner, _row = published_article(4444)
    add(owner, Source, key="a", title="A source", url="https://example.org/", published="2002-03")
    add(owner, Claim, claimed_port=1, transport="tcp", kind="status", value="assigned")
    publish(owner)
    words = version(reader, 2)
    assert re.search(r"Source 1\s+added", words)
    assert "March 2002" in words
    assert "Claim" not in words
    assert "claimed" not in words
    write(Source.objects.get(), removed_at=timezone.now())
    publish(owner)
    assert "withdrawn" in version(reader, 3)


def test_texts_cannot_become_markup(reader: Client) -> None:
    owner, row = published_article(4444, body="<script>alert(1)</script>")
    write_text(row, "body", "en", "<script>alert(2)</script>")
    publish(owner)
    page = source(get(reader, f"{HISTORY.format('en')}2/"))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_version_pages_are_kept_from_search_engines_and_the_list_is_not(
    reader: Client, article: Article
) -> None:
    noindex = '<meta name="robots" content="noindex">'
    page = source(get(reader, f"{HISTORY.format('en')}3/"))
    assert noindex in page
    assert 'hreflang="x-default"' not in page
    # Another language has no version of this number: its switcher leads to its own list.
    assert 'href="/tr/ports/4444/history/"' in page
    assert "/tr/ports/4444/history/3/" not in page
    listed = source(get(reader, HISTORY.format("en")))
    assert noindex not in listed
    assert re.search(r'rel="alternate" hreflang="tr" href="[^"]*/tr/ports/4444/history/"', listed)
    assert re.search(r'rel="canonical" href="[^"]*/en/ports/4444/history/"', listed)


def test_caches_keep_it_as_other_pages(reader: Client, article: Article) -> None:
    for path in (HISTORY.format("ar"), f"{HISTORY.format('en')}3/"):
        answer = get(reader, path)
        assert "s-maxage=60" in answer.headers["Cache-Control"]
        assert answer.headers["ETag"]
        assert not answer.cookies
        assert reader.post(path).status_code == 405


@pytest.mark.parametrize("number", ["0", "01", "-1", "٣", "1" * 10, "x"])
def test_what_is_no_number_of_a_version_is_not_found(
    reader: Client, article: Article, number: str
) -> None:
    assert reader.get(f"{HISTORY.format('en')}{number}/").status_code == 404


def test_the_pages_cost_few_queries_however_many_versions(
    reader: Client, django_assert_max_num_queries: object
) -> None:
    owner, row = published_article(4444)
    for index in range(12):
        write_text(row, "title", "en", f"Title {index}")
        write_text(row, "title", "tr", f"Başlık {index}")
        publish(owner, "en", "tr")
    for path, most in ((HISTORY.format("tr"), 4), (f"{HISTORY.format('tr')}9/", 6)):
        get(reader, path)
        with django_assert_max_num_queries(most):  # type: ignore[operator]
            get(reader, path)
