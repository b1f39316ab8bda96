"""What differs between two versions of an edition."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ports.editorial.differences import Change, Difference, differences
from ports.editorial.parts import Structure, Texts

pytestmark = pytest.mark.any_database

ADDED, WITHDRAWN, MOVED, CHANGED = Change


def faq(*uuids: str) -> Structure:
    return {"faq": [{"uuid": uuid} for uuid in uuids]}


def history(**dates: str) -> Structure:
    return {"history": [{"uuid": uuid, "date": date} for uuid, date in dates.items()]}


def between(
    before: Structure,
    after: Structure,
    *,
    texts: tuple[Texts, Texts] = ({}, {}),
    order: Structure | None = None,
    kind: str = "port",
) -> list[Difference]:
    return differences(
        kind,
        before=(before, texts[0]),
        after=(after, texts[1]),
        order=after if order is None else order,
    )


def whole(kind: str, place: int, change: Change) -> Difference:
    """A difference of a part as a whole."""
    return Difference(kind, place, change, "", "", "")


def test_the_same_version_does_not_differ_from_itself() -> None:
    structure = history(a="2002-03", b="2011-08")
    texts = {"a": {"title": "x"}}
    assert between(structure, structure, texts=(texts, texts)) == []
    assert between({}, {}) == []


def test_a_new_part_is_added_with_its_fields_and_texts() -> None:
    assert between(
        history(a="2002-03"),
        history(a="2002-03", b="2011-08"),
        texts=({}, {"b": {"title": "RFC 6335"}}),
    ) == [
        whole("history", 2, ADDED),
        Difference("history", 2, CHANGED, "date", "", "2011-08"),
        Difference("history", 2, CHANGED, "title", "", "RFC 6335"),
    ]


def test_a_part_that_is_gone_is_withdrawn_and_its_texts_are_not_told() -> None:
    found = between(
        history(a="2002-03", b="2011-08"),
        history(b="2011-08"),
        texts=({"a": {"title": "x"}, "b": {"title": "y"}}, {"b": {"title": "y"}}),
    )
    assert found == [whole("history", 2, WITHDRAWN)]


def test_withdrawn_parts_come_after_those_that_are_there() -> None:
    assert between(faq("a", "b", "c", "d"), faq("c", "e")) == [
        whole("faq", 2, ADDED),
        whole("faq", 3, WITHDRAWN),
        whole("faq", 4, WITHDRAWN),
        whole("faq", 5, WITHDRAWN),
    ]


def test_parts_that_changed_places_have_moved() -> None:
    assert between(faq("a", "b", "c"), faq("a", "c", "b")) == [
        whole("faq", 2, MOVED),
        whole("faq", 3, MOVED),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("a", "b", "c"), ("b", "c")),
        (("a", "b"), ("n", "a", "b")),
        (("a", "b"), ("a", "n", "b")),
        (("a", "b", "c"), ("n", "a", "c")),
    ],
)
def test_a_part_has_not_moved_because_others_came_or_went(
    before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    assert MOVED not in {found.change for found in between(faq(*before), faq(*after))}


def test_a_field_is_told_before_the_texts_and_both_as_they_were_and_are() -> None:
    assert between(
        history(a="2002"),
        history(a="2002-03"),
        texts=({"a": {"text": "x", "title": "same"}}, {"a": {"text": "y", "title": "same"}}),
    ) == [
        Difference("history", 1, CHANGED, "date", "2002", "2002-03"),
        Difference("history", 1, CHANGED, "text", "x", "y"),
    ]


def test_a_text_that_was_emptied_is_told() -> None:
    structure = faq("a")
    assert between(structure, structure, texts=({"a": {"answer": "x"}}, {})) == [
        Difference("faq", 1, CHANGED, "answer", "x", "")
    ]


def test_numbers_are_told_as_text() -> None:
    usage = {
        "uuid": "u", "name": "MyDoom.A", "kind": "malware", "first_port": 3127, "last_port": 3198,
        "transport": "tcp",
    }  # fmt: skip
    before: Structure = {"usage": [usage], "source": []}
    after: Structure = {"usage": [{**usage, "first_port": 0, "transport": ""}], "source": []}
    assert between(before, after, kind="usage") == [
        Difference("usage", 1, CHANGED, "first_port", "3127", "0"),
        Difference("usage", 1, CHANGED, "transport", "tcp", ""),
    ]


def test_kinds_of_parts_come_in_the_order_of_the_document() -> None:
    after: Structure = {
        "claim": [{"uuid": "c"}],
        "faq": [{"uuid": "f"}],
        "article": [{"uuid": "a"}],
    }
    assert [found.kind for found in between({}, after)] == ["article", "faq", "claim"]


def test_translations_have_no_structure_and_differ_in_texts_at_the_places_of_the_source() -> None:
    assert between(
        {},
        {},
        texts=(
            {"a": {"question": "Warum?"}, "b": {"answer": "Darum"}},
            {"a": {"question": "Wieso?"}, "b": {"answer": "Darum"}, "c": {"question": "Wer?"}},
        ),
        order=faq("c", "b", "a"),
    ) == [
        Difference("faq", 1, CHANGED, "question", "", "Wer?"),
        Difference("faq", 3, CHANGED, "question", "Warum?", "Wieso?"),
    ]


def test_a_moved_part_whose_text_changed_too_is_told_with_both() -> None:
    assert between(
        faq("a", "b"), faq("b", "a"), texts=({"a": {"answer": "x"}}, {"a": {"answer": "y"}})
    ) == [
        whole("faq", 1, MOVED),
        whole("faq", 2, MOVED),
        Difference("faq", 2, CHANGED, "answer", "x", "y"),
    ]


def test_parts_that_the_order_does_not_hold_come_last() -> None:
    found = between(faq("a"), faq("b", "c"), order=faq("c"))
    assert [(d.place, d.change) for d in found] == [(1, ADDED), (2, ADDED), (3, WITHDRAWN)]


ORDERS = st.lists(st.sampled_from("abcdef"), unique=True)


@given(before=ORDERS, after=ORDERS, texts=st.tuples(*[st.dictionaries(
    st.sampled_from("abcdef"), st.fixed_dictionaries({"answer": st.text(max_size=2)}),
)] * 2))  # fmt: skip
def test_what_came_went_and_changed_is_told_exactly_once(
    before: list[str], after: list[str], texts: tuple[Any, Any]
) -> None:
    found = between(faq(*before), faq(*after), texts=texts)
    told = {change: [d.place for d in found if d.change == change] for change in Change}
    places = [*after, *(uuid for uuid in before if uuid not in after)]
    assert [places[n - 1] for n in told[ADDED]] == [u for u in after if u not in before]
    assert [places[n - 1] for n in told[WITHDRAWN]] == [u for u in before if u not in after]
    kept = [uuid for uuid in before if uuid in after]
    assert bool(told[MOVED]) == (kept != [uuid for uuid in after if uuid in before])
    assert [places[n - 1] for n in told[CHANGED]] == [
        uuid
        for uuid in after
        if texts[0].get(uuid, {}).get("answer", "") != texts[1].get(uuid, {}).get("answer", "")
    ]
    assert [d.place for d in found] == sorted(d.place for d in found)
