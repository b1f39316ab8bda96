"""Editors at work in a real browser: large forms, payloads, and what readers then see."""

import secrets
import time
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewReader
from tests.browser.site import Site

pytestmark = pytest.mark.any_database

NAME, REVIEWER = "writer", "second-reader"
LANGUAGES = ["tr", "ar", "de", "ja", "id"]
PORT = "/admin/ports/port/3440/change/"

# Each tries to run a script, or to bring in what the policy forbids, in another way.
PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>a</a>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](data:text/html,<script>alert(1)</script>)",
    "[a](vbscript:msgbox(1))",
    "<javascript:alert(1)>",
    "[a](https://x.example/\"onmouseover=\"alert(1))",
    "[a](<https://x.example/> \"t\" onclick=alert(1))",
    "![a](x\"onerror=\"alert(1))",
    "<p style='position:fixed;inset:0;background:url(https://x.example/a.png)'>a</p>",
    "<style>@import url(https://x.example/);</style>",
    "<link rel=stylesheet href=https://x.example/a.css>",
    "<meta http-equiv=refresh content='0;url=https://x.example/'>",
    "<form action=https://x.example/><button autofocus onfocus=alert(1)>a</button></form>",
    "<details open ontoggle=alert(1)>a</details>",
    "</textarea><script>alert(1)</script>",
    "\"><script>alert(1)</script>",
    "'-alert(1)-'",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#x3C;script>alert(1)&#x3C;/script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<math><mtext></p><img src=x onerror=alert(1)></math>",
    "<!--<img src=--><img src=x onerror=alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
]  # fmt: skip
TITLES = [payload for payload in PAYLOADS if "\n" not in payload]


@pytest.fixture(scope="module")
def password(site: Site) -> str:
    """The password of a superuser, made as an administrator makes one."""
    return site.add_superuser(NAME)


@pytest.fixture(scope="module")
def reviewers_password(site: Site) -> str:
    """The password of another superuser, who writes nothing."""
    return site.add_superuser(REVIEWER)


@pytest.fixture
def editor(new_reader: NewReader, password: str) -> Iterator[Page]:
    """An editor who has signed in; no page of theirs may open a dialog."""
    yield from signed_in(new_reader, NAME, password)


@pytest.fixture
def reviewer(new_reader: NewReader, reviewers_password: str) -> Iterator[Page]:
    """A reviewer who has signed in; no page of theirs may open a dialog either."""
    yield from signed_in(new_reader, REVIEWER, reviewers_password)


def signed_in(new_reader: NewReader, name: str, password: str) -> Iterator[Page]:
    page = new_reader()
    page.set_default_timeout(30_000)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto("/admin/")
    page.locator("#id_username").fill(name)
    page.locator("#id_password").fill(password)
    page.keyboard.press("Enter")
    expect(page).to_have_url("/admin/")
    yield page
    assert dialogs == []


def save(page: Page, button: str = "_save") -> None:
    """Press a button of the form, and see that it was taken."""
    page.locator(f"input[name={button}]").click()
    expect(page.locator(".messagelist li.success").first).to_be_visible()
    page.wait_for_load_state()  # the message is there long before the end of a large form
    expect(page.locator(".errornote")).to_have_count(0)


def press(page: Page, address: str, action: str, code: str) -> None:
    """Press a button of an edition on its publishing page, and see that it was done."""
    page.goto(address)
    page.locator(f"[aria-labelledby=edition-{code}] button[value={action}]").click()
    expect(page.locator(".messagelist li")).to_have_class("success")


def submit(editor: Page) -> str:
    """Save the form, and submit it for review; return the address of its publishing page."""
    save(editor, "_submit")
    told = editor.locator(".messagelist li.success").last
    expect(told).to_contain_text("Submitted for review")
    link = editor.locator(".object-tools").get_by_role("link", name="Publishing", exact=True)
    return link.get_attribute("href") or ""


def publish(editor: Page, reviewer: Page, *codes: str) -> None:
    """Submit the form, have it approved by somebody else, and publish it, English first."""
    address = submit(editor)
    for code in codes or ("en",):
        press(reviewer, address, "approve", code)
        press(editor, address, "publish", code)


def add_row(page: Page, group: str) -> int:
    """Press "Add another" below a list of parts; return the index of the new row."""
    page.locator(f"#{group}-group .add-row a").click()
    return int(page.locator(f"#id_{group}-TOTAL_FORMS").input_value()) - 1


def unfold(page: Page) -> None:
    """Open everything that is folded in the form."""
    page.evaluate(
        "document.querySelectorAll('form details').forEach((one) => { one.open = true; })"
    )


def test_a_form_with_twenty_questions_twenty_events_and_six_languages_saves(
    editor: Page, reviewer: Page
) -> None:
    address = f"{PORT}?{'&'.join(f'language={code}' for code in LANGUAGES)}"
    editor.goto(address)
    unfold(editor)
    columns = ["en", "tr", "ar", "de", "ja", "ind"]
    for _ in range(20):
        index = add_row(editor, "faqs")
        for column in columns:
            editor.locator(f"#id_faqs-{index}-question_{column}").fill(f"Q{index} {column}?")
            editor.locator(f"#id_faqs-{index}-answer_{column}").fill(f"A{index}\n\n{column}")
        index = add_row(editor, "histories")
        editor.locator(f"#id_histories-{index}-date").fill("2004-01")
        for column in columns:
            editor.locator(f"#id_histories-{index}-title_{column}").fill(f"E{index} {column}")
    save(editor)
    fields = editor.locator("#port_form [name]").count()
    assert fields > 500
    publish(editor, reviewer, "en", *LANGUAGES)
    for code, column in (("en", "en"), ("ar", "ar"), ("id", "ind")):
        editor.goto(f"/{code}/ports/3440/")
        words = editor.locator("main").inner_text()
        assert f"Q19 {column}?" in words
        assert f"E19 {column}" in words
    # Clean up for the tests that follow: nothing is deleted, everything can be withdrawn.
    editor.goto(PORT)
    unfold(editor)
    for group, first in (("faqs", 3), ("histories", 2)):
        for index in range(first, first + 20):
            editor.locator(f"#id_{group}-{index}-withdrawn").check()
    publish(editor, reviewer)


def test_what_is_published_is_seen_at_once_in_every_process_and_a_draft_in_none(
    editor: Page, reviewer: Page, site: Site
) -> None:
    editor.goto("/admin/ports/port/8080/change/")
    unfold(editor)
    mark = f"Mark {secrets.token_hex(8)}"
    editor.locator("#id_articles-0-title_en").fill(mark)
    save(editor)

    def seen() -> list[bool]:
        """Asked often enough that each of the web server's processes answers."""
        return [mark in httpx.get(f"{site.url}/en/ports/8080/").text for _ in range(20)]

    assert not any(seen())
    address = submit(editor)
    press(reviewer, address, "approve", "en")
    assert not any(seen())
    editor.goto(address)
    editor.locator("button[value=publish]").click()
    published = time.monotonic()
    expect(editor.locator(".messagelist")).to_contain_text("Published")
    assert all(seen())
    assert time.monotonic() - published < 2 + 5  # the page load and twenty requests among them


def fill_article(page: Page, column: str) -> None:
    """Put every payload into every text of the article and the assessment, in one language."""
    everything, titles = "\n\n".join(PAYLOADS), " ".join(TITLES)
    if column != "en":
        page.locator("#id_articles-0-title_en").fill("A title")
        page.locator("#id_assessments-0-expected_en").fill("Expected")
    page.locator(f"#id_articles-0-title_{column}").fill(titles[:200])
    page.locator(f"#id_articles-0-summary_{column}").fill(titles[:600])
    page.locator("#id_assessments-0-level").select_option("high")
    page.locator("#id_assessments-0-as_of").fill("2026")
    for field in ("articles-0-body", "articles-0-lesson", "assessments-0-expected"):
        page.locator(f"#id_{field}_{column}").fill(everything)
    page.locator(f"#id_assessments-0-exposure_{column}").fill(everything)


def add_parts(page: Page, column: str) -> None:
    """Add an event and a source for each payload, and a question and a claim with them."""
    for number, payload in enumerate(TITLES):
        index = add_row(page, "histories")
        page.locator(f"#id_histories-{index}-date").fill("2026")
        page.locator(f"#id_histories-{index}-title_en").fill(payload)
        page.locator(f"#id_histories-{index}-title_{column}").fill(payload)
        page.locator(f"#id_histories-{index}-text_{column}").fill(payload)
        index = add_row(page, "sources")
        page.locator(f"#id_sources-{index}-key").fill(f"{column}-{number}")
        page.locator(f"#id_sources-{index}-title").fill(payload)
        page.locator(f"#id_sources-{index}-publisher").fill(payload)
        page.locator(f"#id_sources-{index}-url").fill("https://example.org/?a=%27%22%3E%3Cb%3E&b=1")
    index = add_row(page, "faqs")
    for text, values in (("question", TITLES), ("answer", PAYLOADS)):
        page.locator(f"#id_faqs-{index}-{text}_en").fill(values[0])
        page.locator(f"#id_faqs-{index}-{text}_{column}").fill("\n\n".join(values)[:300])
    index = add_row(page, "claims")
    page.locator(f"#id_claims-{index}-claimed_port").fill("4444")
    page.locator(f"#id_claims-{index}-transport").select_option("tcp")
    page.locator(f"#id_claims-{index}-kind").select_option("assignee")
    page.locator(f"#id_claims-{index}-value").fill("<script>alert(1)</script>")


@pytest.mark.parametrize("code", ["en", "ar"])
def test_no_payload_runs_in_page_preview_or_admin(editor: Page, reviewer: Page, code: str) -> None:
    editor.goto("/admin/ports/port/4444/change/?language=ar")
    unfold(editor)
    fill_article(editor, code)
    add_parts(editor, code)
    save(editor)
    publish(editor, reviewer, *dict.fromkeys(["en", code]))
    for address in (
        f"/admin/ports/port/4444/preview/{code}/",
        "/admin/ports/port/4444/publishing/",
        "/admin/ports/port/4444/history/",
        "/admin/ports/port/?q=4444",
        "/admin/",
        f"/{code}/ports/4444/",
        f"/{code}/",
    ):
        editor.goto(address)
        links = editor.locator("main a[href], #content a[href]")
        for address_of in links.evaluate_all("all => all.map(one => one.protocol)"):
            assert address_of in {"http:", "https:"}
        assert editor.locator("main script, main iframe, main style, main [style]").count() == 0
        # Whatever waits for a pointer gets one.
        editor.locator("main a").evaluate_all(
            "all => all.forEach(one => one.dispatchEvent(new MouseEvent('mouseover')))"
        )


def test_payloads_in_a_usage_run_nowhere(editor: Page, reviewer: Page) -> None:
    editor.goto("/admin/ports/usage/add/")
    editor.locator("#id_name").fill(TITLES[1])
    editor.locator("#id_kind").select_option("malware")
    editor.locator("#id_first_port").fill("4445")
    editor.locator("#id_last_port").fill("4446")
    editor.locator("#id_description_en").fill("\n\n".join(PAYLOADS))
    publish(editor, reviewer)
    for address in ("/en/ports/4446/", "/ar/ports/4445/", "/admin/ports/usage/"):
        editor.goto(address)
        expect(editor.locator("body")).to_contain_text("onerror")


def test_payloads_in_a_gloss_run_nowhere(editor: Page, reviewer: Page) -> None:
    editor.goto("/admin/ports/gloss/add/")
    editor.locator("#id_service_name").fill("telnet")
    editor.locator("#id_text_en").fill("\n\n".join(PAYLOADS))
    publish(editor, reviewer)
    for address in ("/en/services/telnet/", "/ar/ports/23/", "/admin/ports/gloss/?q=telnet"):
        editor.goto(address)
        expect(editor.locator("body")).to_contain_text("telnet")


def test_a_second_editor_is_told_what_the_first_one_wrote(
    editor: Page, new_reader: NewReader, password: str
) -> None:
    other = new_reader()
    other.goto("/admin/")
    other.locator("#id_username").fill(NAME)
    other.locator("#id_password").fill(password)
    other.keyboard.press("Enter")
    expect(other).to_have_url("/admin/")
    for page in (editor, other):
        page.goto("/admin/ports/port/5000/change/?language=ar")
        unfold(page)
    editor.locator("#id_articles-0-title_en").fill("From the first")
    save(editor)
    other.locator("#id_articles-0-title_en").fill("From the second")
    other.locator("input[name=_save]").click()
    expect(other.locator(".errornote")).to_be_visible()
    expect(other.locator(".errorlist").first).to_contain_text("From the first")
    expect(other.locator("#id_articles-0-title_en")).to_have_value("From the second")
    other.locator("#id_articles-0-title_en").fill("From both")
    save(other)


def test_a_browser_asks_before_typed_text_is_lost(editor: Page) -> None:
    editor.goto("/admin/ports/port/5001/change/")
    unfold(editor)
    assert not asks_before_leaving(editor)
    editor.locator("#id_articles-0-title_en").fill("Not saved")
    assert asks_before_leaving(editor)


def asks_before_leaving(page: Page) -> bool:
    return bool(
        page.evaluate("!window.dispatchEvent(new Event('beforeunload', { cancelable: true }))")
    )


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("code", ["ar", "de", "ja"])
def test_an_article_in_another_language_fits_its_window(
    new_reader: NewReader, code: str, width: int
) -> None:
    page = new_reader(viewport={"width": width, "height": 900})
    page.goto(f"/{code}/ports/3144/")
    expect(page.locator(".notice")).to_be_visible()
    expect(page.locator(".usage.malware .label")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
