"""What editors are told of the faults of their texts: where, and what is valid instead."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from ports.editorial.checks import Problem, problems, text_problems
from ports.editorial.parts import Structure
from ports.registry.records import PortRange, Status, Transport
from ports.tokens import VALID_FORMS

pytestmark = pytest.mark.any_database

KEYS = {"iana", "rfc6335"}
NO_SOURCE = "Line {}: the footnote [^{}] cites a source that is not there. {}"


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def messages(text: str) -> list[str]:
    return [message for _line, message in text_problems(text, KEYS)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ports.",
        "{service 3440/tcp} {assignee 80/tcp http} {count assigned user} [[5307]] [[5307/udp]]",
        "A claim.[^iana] Another.[^rfc6335]",
        "`{no token}` `[^nothing]`",
        "\\{no token} \\[^nothing] \\[[99999]]",
        "    awk '{print $1}'\n",
        "```\nawk '{print $1}'\n```",
        "{1,3} {} { x }",
        "<script>alert(1)</script>",
    ],
)
def test_nothing_is_said_of_a_text_without_faults(text: str) -> None:
    assert messages(text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{service 65536/tcp}", "Line 1: “65536” is no port; ports run from 0 to 65535."),
        ("{service 080/tcp}", "Line 1: “080” is no port; ports run from 0 to 65535."),
        ("{service ٨٠/tcp}", "Line 1: “٨٠” is no port; ports run from 0 to 65535."),
        ("[[70000]]", "Line 1: “70000” is no port; ports run from 0 to 65535."),
        ("{service 80/icmp}", "Line 1: “icmp” is not one of: tcp, udp, sctp, dccp."),
        ("[[80/TCP]]", "Line 1: “TCP” is not one of: tcp, udp, sctp, dccp."),
        (
            "{count open user}",
            "Line 1: “open” is not one of: assigned, reserved, unassigned, deassigned, dynamic.",
        ),
        ("{count assigned low}", "Line 1: “low” is not one of: system, user, dynamic."),
        (
            "[^ietf]",
            NO_SOURCE.format(1, "ietf", "Keys of sources: iana, rfc6335."),
        ),
        (
            "[^IANA]",
            NO_SOURCE.format(1, "IANA", "Keys of sources: iana, rfc6335."),
        ),
    ],
)
def test_a_fault_is_told_with_its_line_what_is_wrong_and_what_is_valid(
    text: str, told: str
) -> None:
    assert messages(text) == [told]


def test_the_valid_choices_are_those_of_the_registry() -> None:
    for text, choices in (
        ("[[80/x]]", Transport),
        ("{count x user}", Status),
        ("{count assigned x}", PortRange),
    ):
        (message,) = messages(text)
        assert message.endswith(f"is not one of: {', '.join(choices)}.")


@pytest.mark.parametrize(
    "text", ["{contact 3440/tcp}", "{service}", "{status 80/tcp http}", "{name}", "{a%sb}", "{x %}"]
)
def test_of_an_unknown_token_all_valid_forms_are_shown_and_how_to_write_a_brace(text: str) -> None:
    (message,) = messages(text)
    assert message.startswith(f"Line 1: there is no token “{text}”. Valid ones look like: ")
    for form in VALID_FORMS:
        assert form in message
    assert message.endswith("For a brace that is only text write \\{.")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("{service %(line)s/tcp}", "%(line)s"),
        ("{service 80/%s}", "%s"),
        ("{count %(valid)s user}", "%(valid)s"),
        ("{count assigned %d}", "%d"),
        ("[^100%]", "[^100%]"),
    ],
)
def test_a_percent_sign_in_a_text_is_only_a_sign(text: str, part: str) -> None:
    (message,) = messages(text)
    assert part in message


def test_a_footnote_without_any_source_says_to_add_one_first() -> None:
    assert list(text_problems("\nx[^iana]", [])) == [
        (
            2,
            NO_SOURCE.format(2, "iana", "Add a source with this key first."),
        )
    ]


def test_every_fault_is_told_once_for_each_place_in_the_order_of_the_text() -> None:
    text = "{service 3440/tcp}\n{x}\n\n[^a] {service 99999/udp}\n\n- [[1/x]]\n- {x}\n"
    assert [line for line, _message in text_problems(text, KEYS)] == [2, 4, 4, 6, 7]
    for line, message in text_problems(text, KEYS):
        assert message.startswith(f"Line {line}: ")


STRUCTURE: Structure = {
    "article": [{"uuid": "a"}],
    "assessment": [{"uuid": "s", "level": "low", "as_of": "2026-11"}],
    "history": [{"uuid": "h1", "date": "2002-03"}, {"uuid": "h2", "date": "2011-08"}],
    "faq": [],
    "source": [{"uuid": "q", "key": "iana", "title": "{x} [^y]", "url": "https://example.com/{x}"}],
    "claim": [{"uuid": "c", "claimed_port": 80, "transport": "tcp", "value": "{x}"}],
}


def test_the_faults_of_a_document_are_told_by_part_and_field_in_its_order() -> None:
    texts = {
        "h2": {"text": "{x}"},
        "h1": {"title": "[^iana][^b]", "text": "a\n{x}"},
        "a": {"lesson": "{x}", "title": "{x}"},
        "s": {"expected": "[^iana]", "exposure": "[[5307]] [[99999]]"},
    }
    assert [found[:3] for found in problems("port", STRUCTURE, texts)] == [
        ("a", "title", 1),
        ("a", "lesson", 1),
        ("s", "exposure", 1),
        ("h1", "title", 1),
        ("h1", "text", 2),
        ("h2", "text", 1),
    ]


def test_footnotes_need_a_source_of_the_document() -> None:
    texts = {"a": {"body": "x[^iana]"}}
    assert problems("port", STRUCTURE, texts) == []
    assert problems("port", {**STRUCTURE, "source": []}, texts) == [
        Problem(
            "a",
            "body",
            1,
            NO_SOURCE.format(1, "iana", "Add a source with this key first."),
        )
    ]


@pytest.mark.parametrize(
    ("kind", "part", "field"), [("usage", "usage", "description"), ("gloss", "gloss", "text")]
)
def test_usages_and_glosses_are_checked_too(kind: str, part: str, field: str) -> None:
    structure: Structure = {part: [{"uuid": "u"}], "source": [{"uuid": "q", "key": "iana"}]}
    texts = {"u": {field: "[^iana] {x}"}}
    assert [found[:3] for found in problems(kind, structure, texts)] == [("u", field, 1)]


def test_texts_of_parts_that_are_not_in_the_structure_are_not_checked() -> None:
    assert problems("port", STRUCTURE, {"gone": {"title": "{x}"}}) == []


@pytest.mark.parametrize("code", ["tr", "ar", "zh-hans", "ja"])
def test_in_every_language_a_message_names_the_line_the_text_and_what_is_valid(code: str) -> None:
    with translation.override(code):
        for text, parts in (
            ("\n{service 80/icmp}", ["2", "icmp", "tcp, udp, sctp, dccp"]),
            ("\n{service 65536/tcp}", ["2", "65536"]),
            ("\n{count open user}", ["2", "open", ", ".join(Status)]),
            ("\n{x}", ["2", "{x}", *VALID_FORMS]),
            ("\n[^ietf]", ["2", "[^ietf]", "iana, rfc6335"]),
        ):
            (message,) = messages(text)
            for part in parts:
                assert part in message
