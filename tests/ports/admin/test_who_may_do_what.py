"""Who may do what to an edition in which state: the whole table, written out, over HTTP."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.test import Client
from django.utils import timezone

from ports import publishing
from ports.models import Article, Document, Edition, PublicationEvent, Revision, User, WorkEvent
from tests.ports.writing import (
    add,
    approve,
    document,
    editor,
    every_column,
    language,
    person,
    reviewer,
    save,
    write_text,
)

pytestmark = pytest.mark.django_db

ADDRESS: Final = "/admin/ports/port/4444/publishing/"

# x: done; =: nothing to do, and nothing done; -: refused with a message. Who lacks the role is
# forbidden it in every state.
STATES: Final = ("draft", "in review", "changes requested", "approved", "planned", "live",
                 "live with a draft", "unpublished")  # fmt: skip
TABLE: Final = {
    "submit": "x - x - - - x -",
    "request_changes": "- x - x - - - x",
    "approve": "- x - - - - - -",
    "approve_without_review": "x x x - - - x -",
    "publish": "- - - x x = - x",
    "unpublish": "- - - - - x x -",
    "schedule": "- - - x x - - x",
    "call_off": "- - - - x - - -",
    "revert": "= = = = = = x =",
}
# An end can be planned of what is live already.
SHOWN_PLAN: Final = "- - - x x x x x"
WRITERS, REVIEWERS, PUBLISHERS = "writers", "reviewers", "publishers"
WHO: Final = {
    "submit": WRITERS,
    "request_changes": REVIEWERS,
    "approve": REVIEWERS,
    "approve_without_review": "those who may approve alone",
    "publish": PUBLISHERS,
    "unpublish": PUBLISHERS,
    "schedule": PUBLISHERS,
    "call_off": PUBLISHERS,
    "revert": WRITERS,
}
PEOPLE: Final = {
    "nobody": ("", {}),
    "a writer": ("writer", {"en": WRITERS}),
    "a translator into Turkish": ("translator:tr", {"tr": WRITERS}),
    "a translator into German": ("translator:de", {}),
    "a translator": ("translator", {"tr": WRITERS}),
    "a reviewer of English": ("reviewer:en", {"en": REVIEWERS}),
    "a reviewer of Turkish": ("reviewer:tr", {"tr": REVIEWERS}),
    "a reviewer": ("reviewer", {"en": REVIEWERS, "tr": REVIEWERS}),
    "a publisher of English": ("publisher:en", {"en": PUBLISHERS}),
    "a publisher of Turkish": ("publisher:tr", {"tr": PUBLISHERS}),
    "a publisher": ("publisher", {"en": PUBLISHERS, "tr": PUBLISHERS}),
}


def signed_in(name: str, *roles: str) -> Client:
    """A member of staff with these roles."""
    client = Client()
    client.force_login(person(name, *filter(None, roles)))
    return client


def what(owner: Document, code: str) -> dict[str, Any]:
    latest = (
        Edition.objects.select_related("latest_revision")
        .get(document=owner, language=code)
        .latest_revision
    )
    assert latest is not None
    return {"document": owner, "language": language(code), "number": latest.number}


def reach(state: str, code: str) -> Document:
    """An article of which the edition in a language is in a state."""
    owner = document(4444)
    article = add(owner, Article, title_en="A title", title_tr="Bir başlık")
    save(owner)
    if code != "en":
        approve(owner, "en")
        publishing.publish(document=owner, language=language("en"), by=editor())
    if state in ("in review", "changes requested"):
        publishing.submit(**what(owner, code), by=editor())
    if state == "changes requested":
        publishing.request_changes(**what(owner, code), by=reviewer(), note="Why?")
    if state not in ("draft", "in review", "changes requested"):
        approve(owner, code)
    if state == "planned":
        publishing.schedule(
            **what(owner, code), by=editor(), live_from=timezone.now() + timedelta(days=1)
        )
    if state.startswith(("live", "unpublished")):
        publishing.publish(document=owner, language=language(code), by=editor())
    if state == "unpublished":
        publishing.unpublish(document=owner, language=language(code), by=editor())
    if state == "live with a draft":
        write_text(article, "title", code, "Something else")
        save(owner)
    return owner


def everything(owner: Document) -> list[Any]:
    """All that an action could have changed."""
    return [
        every_column(model._default_manager.filter(**{about: owner}).order_by("pk"))
        for model, about in (
            (Edition, "document"),
            (Revision, "edition__document"),
            (WorkEvent, "edition__document"),
            (PublicationEvent, "edition__document"),
            (Article, "port__document"),
        )
    ]


def pressed(client: Client, owner: Document, action: str, code: str) -> int:
    number = 1 if action == "revert" else what(owner, code)["number"]
    later = (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    data = {"action": action, "language": code, "number": number, "note": "A reason",
            "live_from": later if action == "schedule" else ""}  # fmt: skip
    return client.post(ADDRESS, data).status_code


def try_out(act: Callable[[], int], owner: Document) -> tuple[int, bool]:
    """The answer to an action, and whether it changed anything; which is taken back."""
    before = everything(owner)
    with transaction.atomic():
        status = act()
        changed = everything(owner) != before
        transaction.set_rollback(True)
    return status, changed


@pytest.mark.parametrize("code", ["en", "tr"])
@pytest.mark.parametrize("state", STATES)
def test_every_cell_of_the_table_is_as_it_is_written(state: str, code: str) -> None:
    owner = reach(state, code)
    clients = {}
    for name, (role, may) in PEOPLE.items():
        clients[name] = signed_in(name, role), {may.get(code)}
    alone = signed_in("alone", "writer")
    User.objects.get(username="alone").user_permissions.add(
        Permission.objects.get(codename="approve_without_review")
    )
    clients["who may approve alone"] = (
        alone,
        {"those who may approve alone", WRITERS if code == "en" else None},
    )
    wrong, count = [], 0
    for action, cells in TABLE.items():
        cell = cells.split()[STATES.index(state)]
        for name, (client, may) in clients.items():
            count += 1
            expected = (302, cell == "x")
            if WHO[action] not in may:
                expected = (403, False)
            found = try_out(lambda c=client, a=action: pressed(c, owner, a, code), owner)  # type: ignore[misc]
            if found != expected:
                wrong.append(f"{name}, {action}: {found} instead of {expected}")
    assert wrong == []
    assert count == len(TABLE) * (len(PEOPLE) + 1)


@pytest.mark.parametrize("state", STATES)
def test_an_author_who_reviews_cannot_approve_their_own_text(state: str) -> None:
    owner = reach(state, "en")
    both = signed_in("both", "writer", "reviewer")
    write_text(Article.objects.get(), "summary", "en", "Mine.")
    author = User.objects.get(username="both")
    publishing.save_revision(document=owner, by=author)
    publishing.submit(**what(owner, "en"), by=author)
    status, changed = try_out(lambda: pressed(both, owner, "approve", "en"), owner)
    assert (status, changed) == (302, False)
    page = both.get(ADDRESS).content.decode()
    assert "You wrote some of this text" in page
    assert 'value="approve"' not in page


@pytest.mark.parametrize("state", STATES)
def test_only_buttons_that_work_are_shown(state: str) -> None:
    owner = reach(state, "en")
    for role, whose in (("writer", WRITERS), ("reviewer", REVIEWERS), ("publisher", PUBLISHERS)):
        page = signed_in(role, role).get(ADDRESS).content.decode()
        for action, cells in TABLE.items():
            if action == "revert":
                continue
            cell = (SHOWN_PLAN if action == "schedule" else cells).split()[STATES.index(state)]
            is_shown = f'name="action" value="{action}"' in page
            assert is_shown == (WHO[action] == whose and cell == "x"), (role, action)
    assert owner.pk
