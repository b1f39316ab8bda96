"""What is worth a look in a text: uncited sources, links to nowhere, and facts typed by hand."""

from collections.abc import Mapping, Sequence

import pytest

from ports.editorial.typed_facts import facts_of
from ports.editorial.warnings import Remark, cited_ports, links, remarks, written_texts
from ports.registry.records import Record

pytestmark = pytest.mark.any_database


def record(name: str, port: int, transport: str = "tcp", **cells: str) -> Record:
    values = {
        "service_name": name, "port_cell": str(port), "first_port": port, "last_port": port,
        "transport": transport, "description": "", "assignee": "", "contact": "",
        "registration_date": "", "modification_date": "", "reference": "", "service_code": "",
        "unauthorized_use": "", "assignment_notes": "", "occurrence": 0, **cells,
    }  # fmt: skip
    return Record(**values)  # type: ignore[arg-type]


ANS = record(
    "ans-console", 3440, assignee="[John_Richmond]",
    registration_date="2002-03", modification_date="2011-08-17",
)  # fmt: skip


def look(
    text: str,
    code: str = "en",
    *,
    records: Mapping[int, Sequence[Record]] | None = None,
    dead: Sequence[str] = (),
    sources: Sequence[str] = (),
    other: str = "",
) -> list[Remark]:
    """The remarks on an article with this body in a language, and another text in English."""
    structure = {
        "article": [{"uuid": "a"}],
        "source": [{"uuid": f"source-{key}", "key": key} for key in sources],
    }
    texts = {"en": {"a": {"lesson": other}}}
    texts.setdefault(code, {}).setdefault("a", {})["body"] = text
    written = written_texts("port", structure, texts)
    return remarks(
        structure,
        written,
        facts=facts_of({3440: [ANS]} if records is None else records),
        leads_nowhere=dead.__contains__,
    )


def said(text: str, code: str = "en", records: Mapping[int, Sequence[Record]] | None = None) -> str:
    """What is remarked on a text, in one string."""
    return "; ".join(remark.message for remark in look(text, code, records=records))


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("The registry calls it ans-console.", "{service 3440/tcp}"),
        ("It is “ans-console”!", "{service 3440/tcp}"),
        ("It is *ans-console*.", "{service 3440/tcp}"),
        ("Assigned to John Richmond.", "{assignee 3440/tcp}"),
        ("Assigned to John\nRichmond.", "{assignee 3440/tcp}"),
        ("**John** Richmond asked for it.", "{assignee 3440/tcp}"),
        ("Since 2002-03 it is there.", "{registered 3440/tcp}"),
        ("Since March 2002.", "{registered 3440/tcp}"),
        ("Changed on 2011-08-17.", "{modified 3440/tcp}"),
        ("Changed on August 17, 2011.", "{modified 3440/tcp}"),
        ("Changed in August 2011.", "{modified 3440/tcp}"),
        ("| a | b |\n|---|---|\n| ans-console | 1 |", "{service 3440/tcp}"),
        ("See [ans-console](https://example.org/).", "{service 3440/tcp}"),
    ],
)
def test_a_fact_typed_by_hand_is_found_with_its_token(text: str, token: str) -> None:
    (remark,) = look(text)
    assert token in remark.message


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("de", "Seit März 2002."),
        ("tr", "Kayıt: Mart 2002."),
        ("ja", "2002年3月に登録された。"),
        ("zh-hans", "于2002年3月注册。"),
        ("ko", "2002년 3월에 등록되었다."),
        ("he", "נרשם במרץ 2002."),
        ("th", "จดทะเบียนมีนาคม 2002แล้ว"),
        ("ar", "سُجّل في مارس 2002."),
        ("ru", "Дата: март 2002 г."),
        ("pt-br", "Registrado em março de 2002."),
    ],
)
def test_a_date_is_found_as_its_language_writes_it(code: str, text: str) -> None:
    assert "{registered 3440/tcp}" in said(text, code)


def test_a_name_is_found_where_no_blanks_stand_between_words() -> None:
    assert "{service 3440/tcp}" in said("登録名はans-consoleです。", "ja")
    assert "{service 3440/tcp}" in said("Ein ans-console-Dienst.", "de")


@pytest.mark.parametrize(
    "text",
    [
        "{service 3440/tcp}, {assignee 3440/tcp}, {registered 3440/tcp}",
        "`ans-console`",
        "```\nans-console 3440/tcp\n```",
        "[a page](https://example.org/ans-console)",
        "<https://example.org/ans-console>",
        "https://example.org/ans-console",
        "So.[^ans-console]",
        "my-ans-console and ans-console-2 and ans-console.example are others",
        "Ans-Console is the product.",
        "On 5 March 2002 it rained.",
        "From 2002-03-05 on, since 2002-031.",
        "John wrote to Mr Richmond.",
        "In March 2003.",
    ],
)
def test_what_is_no_fact_or_not_in_prose_is_left_alone(text: str) -> None:
    assert said(text) == ""


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("de", "Am 5. März 2002."), ("pt-br", "Em 5 de março de 2002."), ("ja", "2002年3月5日に"),
        ("ko", "2002년 3월 5일"), ("ru", "5 март 2002 г."),
    ],
)  # fmt: skip
def test_another_day_in_the_same_month_is_another_date(code: str, text: str) -> None:
    assert said(text, code) == ""


@pytest.mark.parametrize("name", ["ssh", "http", "domain", "rsync", "x11"])
def test_names_that_people_write_for_what_they_mean_are_no_facts(name: str) -> None:
    assert said(f"Use {name} here.", records={22: [record(name, 22)]}) == ""


def test_a_name_of_plain_letters_that_is_no_word_is_a_fact() -> None:
    records = {3144: [record("tarantella", 3144)]}
    assert "{service 3144/tcp}" in said("It is in fact tarantella.", records=records)


def test_an_institution_is_no_person() -> None:
    records = {22: [record("ssh", 22, assignee="[IANA]")]}
    assert said("IANA gives numbers.", records=records) == ""


def test_one_of_several_names_is_named_in_the_token() -> None:
    records = {80: [record("www-http", 80, assignee="[Tim_Berners_Lee]"), record("http", 80)]}
    assert "{service 80/tcp www-http}" in said("It is www-http.", records=records)


def test_a_fact_without_a_transport_or_of_udp_alone_is_told_with_a_valid_token() -> None:
    assert "{service 5/udp}" in said("abc-d", records={5: [record("abc-d", 5, "udp")]})
    assert "{service 5/tcp}" in said("abc-d", records={5: [record("abc-d", 5, "")]})


def test_only_the_ports_handed_in_count() -> None:
    assert said("ans-console", records={}) == ""


def test_a_fact_is_told_once_in_a_text_with_its_line() -> None:
    (remark,) = look("First.\n\nSecond\nthen ans-console.\n\nans-console")
    assert (remark.language.code, remark.uuid, remark.field, remark.line) == ("en", "a", "body", 4)


def test_a_source_is_cited_by_any_text_in_any_language() -> None:
    assert look("So.[^a]", sources=["a"]) == []
    assert look("So.[^a]", "tr", sources=["a"]) == []
    (remark,) = look("`[^b]` [^a]", sources=["a", "b"])
    assert (remark.uuid, remark.field, remark.line) == ("source-b", "key", 0)
    assert "[^b]" in remark.message


def test_a_link_to_no_page_is_told_with_its_line() -> None:
    text = "Fine: [a](/en/ports/1/).\n\nNot: [b](/en/ports/70000/)."
    (remark,) = look(text, dead=["/en/ports/70000/"])
    assert (remark.field, remark.line) == ("body", 3)
    assert "/en/ports/70000/" in remark.message


def test_the_ports_and_links_of_texts_are_known() -> None:
    structure = {"article": [{"uuid": "a"}]}
    body = "{service 5/tcp} [[7]] {count assigned user} `{service 9/tcp}` [x](/en/) [y](/en/)"
    written = written_texts("port", structure, {"tr": {"a": {"body": body}, "gone": {"body": "?"}}})
    assert cited_ports(written) == [5, 7]
    assert links(written) == ["/en/"]
