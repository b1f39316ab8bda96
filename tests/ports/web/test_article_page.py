"""What editors wrote, on the pages of ports and services: only what is published."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from ports import publishing
from ports.bundled_articles import load_articles
from ports.languages import LANGUAGES
from ports.models import (
    FAQ,
    Article,
    Assessment,
    Assignment,
    Claim,
    Document,
    History,
    Revision,
    Source,
    Usage,
)
from tests.ports.web.pages import attribute, get, source, text
from tests.ports.writing import (
    add,
    approve,
    document,
    editor,
    gloss,
    language,
    publish,
    published_article,
    save,
    usage,
    write,
    write_text,
)

pytestmark = pytest.mark.django_db

# Every address on which something of port 3440, of a usage or of a gloss could be seen.
PUBLIC = [
    "/en/ports/3440/",
    "/tr/ports/3440/",
    "/de/ports/3440/",
    "/en/ports/3441/",
    "/en/ports/3127/",
    "/en/ports/9/",
    "/en/services/ans-console/",
    "/en/search/?q=canary",
    "/en/search/?q=ans-console",
    "/en/ports/?page=14",
    "/en/",
]
CANARY = "canary"


@pytest.fixture
def articles(db: None) -> None:
    load_articles()


@pytest.fixture
def published(articles: None) -> Document:
    """3440 as it is bundled, with an editor's touch, and a usage on it."""
    owner = Document.objects.get(port_id=3440)
    write_text(Article.objects.get(port_id=3440), "title", "en", "A name without a product")
    write_text(Article.objects.get(port_id=3440), "title", "tr", "Ürünü olmayan bir ad")
    publish(owner, "en", "tr")
    row, _usage = usage(
        name="Something else", kind="unofficial", first_port=3440, last_port=3440,
        description_en="It was seen here.",
    )  # fmt: skip
    publish(row)
    return owner


def seen(reader: Client) -> str:
    """What readers have of the article. The vote's form names the revision that they saw, signed:
    it changes with what is published, seen or not."""
    pages = "\n".join(source(get(reader, address)) for address in PUBLIC)
    return re.sub(r'(?<=name="page" value=")[^"]+', "", pages)


def drafts() -> list[tuple[str, object]]:
    """An unpublished edit of each kind, by name: what is changed, and how."""

    def first(model: type, **where: object) -> object:
        return model._default_manager.filter(**where).order_by("id").first()  # type: ignore[attr-defined]

    port = {"port_id": 3440}
    return [
        *(
            (
                f"article {field}",
                lambda f=field: write_text(first(Article, **port), f, "en", CANARY),
            )
            for field in ("title", "summary", "body", "lesson")
        ),
        ("a translation", lambda: write_text(first(Article, **port), "title", "tr", CANARY)),
        ("another language", lambda: write_text(first(Article, **port), "body", "de", CANARY)),
        *(
            (f"assessment {f}", lambda f=f: write_text(first(Assessment, **port), f, "en", CANARY))
            for f in ("expected", "exposure")
        ),
        ("assessment level", lambda: write(first(Assessment, **port), level="high")),
        ("assessment date", lambda: write(first(Assessment, **port), as_of="1999-12-31")),
        *(
            (f"history {f}", lambda f=f: write_text(first(History, **port), f, "en", CANARY))
            for f in ("title", "text")
        ),
        ("history date", lambda: write(first(History, **port), date="1999-12-31")),
        ("history order", lambda: write(first(History, **port), position=999)),
        ("history withdrawn", lambda: write(first(History, **port), removed_at=timezone.now())),
        *(
            (f"faq {f}", lambda f=f: write_text(first(FAQ, **port), f, "en", CANARY))
            for f in ("question", "answer")
        ),
        ("faq order", lambda: write(first(FAQ, **port), position=999)),
        ("faq withdrawn", lambda: write(first(FAQ, **port), removed_at=timezone.now())),
        (
            "faq added",
            lambda: add(document(3440), FAQ, question_en=CANARY, answer_en=CANARY, position=99),
        ),
        *(
            (
                f"source {f}",
                lambda f=f: write(first(Source, **port), **{f: f"https://{CANARY}.org/"}),
            )
            for f in ("title", "publisher", "url")
        ),
        ("source date", lambda: write(first(Source, **port), published="1999-12-31")),
        ("source order", lambda: write(first(Source, **port), position=999)),
        (
            "source added",
            lambda: add(
                document(3440), Source, key=CANARY, title=CANARY, url="https://example.org/"
            ),
        ),
        (
            "claim added",
            lambda: add(
                document(3440),
                Claim,
                claimed_port=1,
                transport="tcp",
                kind="assignee",
                value=CANARY,
            ),
        ),
    ]


KINDS_OF_DRAFTS = [
    "article title", "article summary", "article body", "article lesson", "a translation",
    "another language", "assessment expected", "assessment exposure", "assessment level",
    "assessment date", "history title", "history text", "history date", "history order",
    "history withdrawn", "faq question", "faq answer", "faq order", "faq withdrawn", "faq added",
    "source title", "source publisher", "source url", "source date", "source order",
    "source added", "claim added",
]  # fmt: skip
# What readers are never shown: sources stand in the order in which texts cite them, and events in
# that of their dates.
FOR_EDITORS_ONLY = {"claim added", "source order", "history order"}


def test_every_kind_of_draft_is_tried() -> None:
    assert [name for name, _edit in drafts()] == KINDS_OF_DRAFTS


@pytest.mark.parametrize("name", KINDS_OF_DRAFTS)
def test_an_unpublished_edit_appears_nowhere_and_at_once_when_published(
    reader: Client, published: Document, name: str
) -> None:
    before = seen(reader)
    dict(drafts())[name]()  # type: ignore[operator]
    assert seen(reader) == before, "a change of the working rows alone"
    saved = save(published)
    assert saved
    assert seen(reader) == before, "a draft"
    approve(published, *saved)
    assert seen(reader) == before, "an approved draft"
    for code in saved:
        publishing.publish(document=published, language=language(code), by=editor())
    after = seen(reader)
    assert (after == before) == (name in FOR_EDITORS_ONLY)


@pytest.mark.parametrize(
    "edit",
    [
        {"name": CANARY},
        {"kind": "malware"},
        {"last_port": 3441},
        {"first_port": 9},
        {"transport": "udp"},
        {"description_en": CANARY},
        {"description_tr": CANARY},
    ],
    ids=lambda edit: next(iter(edit)),
)
def test_an_unpublished_edit_of_a_usage_appears_nowhere(
    reader: Client, published: Document, edit: dict[str, object]
) -> None:
    row = Usage.objects.get(name="Something else")
    owner = Document.objects.get(usage=row)
    before = seen(reader)
    write(row, **edit)
    saved = save(owner)
    assert seen(reader) == before, "a draft"
    approve(owner, *saved)
    assert seen(reader) == before, "an approved draft"
    for code in saved:
        publishing.publish(document=owner, language=language(code), by=editor())
    assert seen(reader) != before


def test_what_is_unpublished_is_gone_at_once(reader: Client, published: Document) -> None:
    publishing.unpublish(document=published, language=language("en"), by=editor())
    page = text(get(reader, "/tr/ports/3440/"))
    assert "Timeline" not in page
    assert "ans-console" in page, "the registry's facts stay"


@pytest.mark.parametrize("each", LANGUAGES, ids=lambda each: each.code)
def test_a_structure_corrected_in_english_is_right_in_every_language(
    reader: Client, published: Document, each: object
) -> None:
    """A date, a span and an address, without a translation touched."""
    code = each.code  # type: ignore[attr-defined]
    event = History.objects.filter(port_id=3440).first()
    cited = Source.objects.filter(port_id=3440, key="rfc6335").get()
    row = Usage.objects.get(name="Something else")
    before = Revision.objects.exclude(edition__language="en").count()
    write(event, date="1987-06-05")
    write(cited, url="https://corrected.example/")
    write(row, first_port=3439)
    publish(published)
    publish(Document.objects.get(usage=row))
    page = source(get(reader, f"/{code}/ports/3440/"))
    assert 'datetime="1987-06-05"' in page
    registered = page.partition('datetime="2002-03"')[2].partition("</li>")[0]
    assert 'class="label"' in registered, "what the registry tells itself, in place of the event"
    assert 'href="https://corrected.example/"' in page
    assert "3439–3440" in page
    assert "Something else" in source(get(reader, f"/{code}/ports/3439/"))
    assert Revision.objects.exclude(edition__language="en").count() == before


@pytest.mark.parametrize(
    ("number", "is_shown"), [(3126, False), (3127, True), (3144, True), (3198, True), (3199, False)]
)
def test_a_usage_stands_on_every_page_of_its_span(
    reader: Client, articles: None, number: int, is_shown: bool
) -> None:
    page = source(get(reader, f"/en/ports/{number}/"))
    assert ("MyDoom.A" in text(get(reader, f"/en/ports/{number}/"))) == is_shown
    assert ('<div class="usage malware">' in page) == is_shown
    assert ("☣" in page) == is_shown


def test_malware_is_told_by_a_word_and_a_sign_not_by_colour_alone(
    reader: Client, articles: None
) -> None:
    page = source(get(reader, "/nl/ports/3127/"))
    assert re.search(r'<span class="label"><span aria-hidden="true">☣</span> \w+', page)


def test_3440_is_a_whole_turkish_page(reader: Client, articles: None) -> None:
    response = get(reader, "/tr/ports/3440/")
    words = text(response)
    assert response.headers["Content-Language"] == "tr"
    assert attribute(response, "lang") == "tr"
    assert "Mart 2002" in words
    main = source(response).partition("<main")[2].partition("</main>")[0]
    # English is marked wherever it stands: registry text, and the titles of sources.
    without_marked = re.sub(r'<(\w+)[^>]* lang="en"[^>]*>.*?</\1>', "", main, flags=re.DOTALL)
    without_sources = without_marked.partition('<section aria-labelledby="sources">')[0]
    for english in (" the ", " and ", " is ", " of ", "Timeline", "not translated"):
        assert english not in re.sub(r"<[^>]*>", "", without_sources)


def test_3440_in_german_has_german_facts_and_the_english_article_marked_as_such(
    reader: Client, articles: None
) -> None:
    response = get(reader, "/de/ports/3440/")
    page = source(response)
    assert response.headers["Content-Language"] == "de, en"
    assert attribute(response, "lang") == "de"
    assert "März 2002" in page, "the facts around the article"
    assert page.count('class="notice"') == 1
    story = page.partition('id="story"')[2].partition("</section>")[0]
    assert '<span lang="en" dir="ltr">A registration without a product</span>' in story
    assert '<div lang="en" dir="ltr"><p>The registry gives port 3440' in story
    assert "March 2002" in story, "a fact in an English text is told in English"
    assert "in English" not in source(get(reader, "/en/ports/3440/"))


def test_an_english_text_in_an_arabic_page_runs_from_left_to_right(
    reader: Client, articles: None
) -> None:
    story = source(get(reader, "/ar/ports/3440/")).partition('id="story"')[2]
    assert '<div lang="en" dir="ltr">' in story.partition("</section>")[0]


def test_tokens_follow_the_registry_without_a_new_revision(reader: Client, articles: None) -> None:
    before = Revision.objects.count()
    assert "John Richmond" in source(get(reader, "/tr/ports/3440/"))
    Assignment.objects.filter(service_name="ans-console").update(
        assignee="[Jane_Doe]", registration_date="2010-05"
    )
    story = (
        source(get(reader, "/tr/ports/3440/")).partition('id="story"')[2].partition("</section>")[0]
    )
    assert "Jane Doe" in story
    assert "Mayıs 2010" in story
    assert "John Richmond" not in story
    assert Revision.objects.count() == before


def test_the_page_costs_five_queries_whatever_it_holds(
    reader: Client, articles: None, django_assert_max_num_queries: object
) -> None:
    owner = Document.objects.get(port_id=3440)
    for index in range(20):
        add(
            owner, FAQ, question_en=f"Question {index}?", answer_en=f"{{assignee {index * 97}/tcp}}"
        )
        add(owner, History, date="2004-01", title_en=f"{{service {index * 331}/udp}} [[{index}]]")
    publish(owner)
    for index in range(5):
        row, _usage = usage(
            name=f"Usage {index}", kind="legacy", first_port=3400, last_port=3500,
            description_en="{count assigned user}",
        )  # fmt: skip
        publish(row)
    for path in ("/en/ports/3440/", "/tr/ports/3440/", "/ar/ports/3440/", "/en/ports/80/"):
        get(reader, path)
        with django_assert_max_num_queries(5):  # type: ignore[operator]
            get(reader, path)


def test_what_came_with_the_program_says_that_nobody_reviewed_it(
    reader: Client, articles: None
) -> None:
    assert "Not yet reviewed" in text(get(reader, "/en/ports/3440/"))
    owner = Document.objects.get(port_id=3440)
    write_text(Article.objects.get(port_id=3440), "title", "en", "By an editor")
    publish(owner)
    assert "Not yet reviewed" not in text(get(reader, "/en/ports/3440/"))


def test_footnotes_are_numbered_through_the_page_and_lead_there_and_back(
    reader: Client, articles: None
) -> None:
    page = source(get(reader, "/en/ports/3144/"))
    numbers = [int(n) for n in re.findall(r'href="#source-(\d+)" dir="ltr">\1<', page)]
    first_seen = list(dict.fromkeys(numbers))
    assert first_seen == sorted(first_seen)
    listed = re.findall(r'<li id="source-(\d+)">', page)
    assert [int(n) for n in listed] == list(range(1, len(listed) + 1))
    assert set(numbers) <= set(map(int, listed))
    for target in re.findall(r'class="back" href="#([^"]+)"', page):
        assert page.count(f'id="{target}"') == 1


def test_a_mark_whose_source_was_withdrawn_is_left_out(reader: Client, db: None) -> None:
    owner, article = published_article(22)
    cited = add(owner, Source, key="rfc", title="RFC", url="https://example.org/")
    write_text(article, "body", "en", "A story.[^rfc]")
    write_text(article, "body", "tr", "Bir öykü.[^rfc]")
    publish(owner, "en", "tr")
    assert "#source-1" in source(get(reader, "/tr/ports/22/"))
    write(cited, removed_at=timezone.now())
    write_text(article, "body", "en", "A story.")
    publish(owner)
    assert "#source-1" not in source(get(reader, "/tr/ports/22/"))


def test_nothing_stands_under_a_heading_without_a_text(reader: Client, db: None) -> None:
    published_article(22)
    page = text(get(reader, "/en/ports/22/"))
    for heading in ("Timeline", "Questions and answers", "Sources", "What really uses", "teaches"):
        assert heading not in page


def test_a_page_without_an_assessment_says_that_there_is_no_evidence_either_way(
    reader: Client, db: None
) -> None:
    assert "no information that makes port 22 suspicious" in text(get(reader, "/en/ports/22/"))


def test_a_gloss_explains_a_service_on_its_page_and_on_its_ports(reader: Client, db: None) -> None:
    owner, _gloss = gloss(
        service_name="SSH", text_en="Logging in to other computers.", text_tr="Uzaktan oturum açma."
    )
    save(owner)
    assert "Logging in" not in source(get(reader, "/en/services/ssh/"))
    publish(owner, "en", "tr")
    for path in ("/en/services/ssh/", "/en/ports/22/"):
        assert "Logging in to other computers." in source(get(reader, path))
    assert "Uzaktan oturum açma." in source(get(reader, "/tr/ports/22/"))
    german = get(reader, "/de/services/ssh/")
    assert '<div lang="en" dir="ltr"><p>Logging in' in source(german)
    assert german.headers["Content-Language"] == "de, en"


def test_the_front_page_leads_to_the_ports_with_a_story(reader: Client, articles: None) -> None:
    front = source(get(reader, "/tr/")).partition("<main")[2]
    for number in (3144, 3410, 3411, 3440):
        assert f'href="/tr/ports/{number}/"' in front
