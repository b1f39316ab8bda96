"""Having texts reviewed: who approves what, and what the database itself refuses."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from ports import publishing
from ports.models import Article, Document, Edition, PublicationEvent, Role, User, WorkEvent
from tests.ports.writing import (
    add,
    approve,
    document,
    editor,
    language,
    person,
    published_article,
    reviewer,
    save,
    write_text,
)

pytestmark = pytest.mark.django_db


def draft(title: str = "A title") -> Document:
    owner = document(22)
    add(owner, Article, title_en=title)
    save(owner)
    return owner


def edition(owner: Document, code: str = "en") -> Edition:
    return Edition.objects.select_related("latest_revision", "live_revision").get(
        document=owner, language=code
    )


def what(owner: Document, code: str = "en") -> dict[str, object]:
    """The latest revision of an edition, as the functions want it named."""
    latest = edition(owner, code).latest_revision
    assert latest is not None
    return {"document": owner, "language": language(code), "number": latest.number}


def test_a_draft_goes_by_way_of_a_review_to_readers_and_each_step_is_told() -> None:
    owner = draft()
    publishing.submit(**what(owner), by=editor(), note="Please")  # type: ignore[arg-type]
    publishing.request_changes(**what(owner), by=reviewer(), note="Which program?")  # type: ignore[arg-type]
    assert edition(owner).work == Edition.Work.CHANGES_REQUESTED
    write_text(Article.objects.get(), "body", "en", "This program.")
    save(owner)
    publishing.submit(**what(owner), by=editor())  # type: ignore[arg-type]
    publishing.approve(**what(owner), by=reviewer())  # type: ignore[arg-type]
    publishing.publish(**what(owner), by=editor())  # type: ignore[arg-type]
    told = WorkEvent.objects.order_by("id").values_list(
        "action", "revision__number", "by__username", "note"
    )
    assert list(told) == [
        ("submitted", 1, "ed", "Please"),
        ("changes_requested", 1, "rev", "Which program?"),
        ("submitted", 2, "ed", ""),
        ("approved", 2, "rev", ""),
    ]
    now = edition(owner)
    assert now.live_revision == now.latest_revision
    assert now.reviewed_at == WorkEvent.objects.get(action="approved").at


def test_a_change_during_a_review_is_a_draft_again_and_no_approval_carries_over() -> None:
    owner = draft()
    approve(owner)
    write_text(Article.objects.get(), "title", "en", "Another title")
    save(owner)
    assert edition(owner).work == Edition.Work.DRAFT
    with pytest.raises(publishing.WrongStateError):
        publishing.publish(**what(owner), by=editor())  # type: ignore[arg-type]
    publishing.publish(document=owner, language=language("en"), by=editor(), number=1)
    assert edition(owner).live_revision.texts != edition(owner).latest_revision.texts  # type: ignore[union-attr]


def test_what_was_saved_meanwhile_is_neither_submitted_nor_approved() -> None:
    owner = draft()
    seen = what(owner)
    write_text(Article.objects.get(), "title", "en", "Another title")
    save(owner)
    with pytest.raises(publishing.WrongStateError):
        publishing.submit(**seen, by=editor())  # type: ignore[arg-type]
    publishing.submit(**what(owner), by=editor())  # type: ignore[arg-type]
    with pytest.raises(publishing.WrongStateError):
        publishing.approve(**seen, by=reviewer())  # type: ignore[arg-type]


@pytest.mark.parametrize("is_superuser", [False, True])
def test_nobody_approves_a_text_in_which_they_wrote_a_comma(is_superuser: bool) -> None:
    owner = draft()
    both = person("both", "writer", "reviewer")
    User.objects.filter(pk=both.pk).update(is_superuser=is_superuser)
    both = User.objects.get(pk=both.pk)
    write_text(Article.objects.get(), "title", "en", "A title,")
    publishing.save_revision(document=owner, by=both)
    write_text(Article.objects.get(), "body", "en", "Much more.")
    save(owner)
    publishing.submit(**what(owner), by=editor())  # type: ignore[arg-type]
    with pytest.raises(publishing.OwnTextError):
        publishing.approve(**what(owner), by=both)  # type: ignore[arg-type]
    approve(owner)
    publishing.publish(**what(owner), by=editor())  # type: ignore[arg-type]
    write_text(Article.objects.get(), "body", "en", "Even more.")
    save(owner)
    publishing.submit(**what(owner), by=editor())  # type: ignore[arg-type]
    publishing.approve(**what(owner), by=both)  # type: ignore[arg-type]


def test_the_database_refuses_an_approval_of_ones_own_text() -> None:
    owner = draft()
    now = edition(owner)
    event = {"edition": now, "revision": now.latest_revision, "at": timezone.now()}
    with pytest.raises(IntegrityError, match="cannot approve it"), transaction.atomic():
        WorkEvent.objects.create(**event, action="approved", by=editor())
    assert not WorkEvent.objects.exists()
    WorkEvent.objects.create(**event, action="approved", by=reviewer())


def test_the_database_refuses_to_show_what_is_not_approved() -> None:
    owner = draft()
    now = edition(owner)
    with pytest.raises(IntegrityError, match="cannot go live"), transaction.atomic():
        Edition.objects.filter(pk=now.pk).update(live_revision=now.latest_revision)
    other, _article = published_article(80)
    with pytest.raises(IntegrityError, match="cannot go live"), transaction.atomic():
        Edition.objects.filter(pk=now.pk).update(live_revision=edition(other).live_revision)
    revision = now.latest_revision
    with pytest.raises(IntegrityError, match="cannot go live"), transaction.atomic():
        Edition.objects.create(
            document=owner, language="de", latest_revision=revision, live_revision=revision
        )
    approve(owner)
    Edition.objects.filter(pk=now.pk).update(live_revision=now.latest_revision)


def test_the_rules_of_the_database_hold_after_every_migration() -> None:
    from ports.review_rules import guard_reviews

    guard_reviews()
    test_the_database_refuses_an_approval_of_ones_own_text()


def test_an_approval_without_a_review_needs_a_permission_and_a_reason_and_is_told() -> None:
    owner = draft()
    with pytest.raises(PermissionDenied):
        publishing.approve_without_review(**what(owner), by=editor(), note="Urgent")  # type: ignore[arg-type]
    alone = User.objects.create_superuser("alone")
    for note in ("", "  \n"):
        with pytest.raises(publishing.ReasonMissingError):
            publishing.approve_without_review(**what(owner), by=alone, note=note)  # type: ignore[arg-type]
    publishing.approve_without_review(**what(owner), by=alone, note="I am alone here.")  # type: ignore[arg-type]
    publishing.publish(**what(owner), by=alone)  # type: ignore[arg-type]
    assert WorkEvent.objects.get().note == "I am alone here."
    assert edition(owner).reviewed_at is None, "readers are told that nobody reviewed it"


def test_asking_for_changes_needs_a_reason_and_takes_nothing_from_readers() -> None:
    owner = draft()
    publishing.submit(**what(owner), by=editor())  # type: ignore[arg-type]
    with pytest.raises(publishing.ReasonMissingError):
        publishing.request_changes(**what(owner), by=reviewer(), note=" ")  # type: ignore[arg-type]
    approve(owner)
    publishing.publish(**what(owner), by=editor())  # type: ignore[arg-type]
    with pytest.raises(publishing.WrongStateError):
        publishing.request_changes(**what(owner), by=reviewer(), note="No!")  # type: ignore[arg-type]
    assert edition(owner).live_revision is not None


def test_an_approval_that_was_taken_back_lets_nothing_go_live() -> None:
    owner = draft()
    approve(owner)
    publishing.request_changes(**what(owner), by=reviewer(), note="On second thoughts")  # type: ignore[arg-type]
    with pytest.raises(publishing.WrongStateError):
        publishing.publish(**what(owner), by=editor())  # type: ignore[arg-type]
    now = edition(owner)
    with pytest.raises(IntegrityError, match="cannot go live"), transaction.atomic():
        Edition.objects.filter(pk=now.pk).update(live_revision=now.latest_revision)
    approve(owner)
    publishing.publish(**what(owner), by=editor())  # type: ignore[arg-type]


def test_who_has_no_role_for_a_language_can_do_nothing_in_it() -> None:
    owner = document(22)
    article = add(owner, Article, title_en="One", title_tr="Bir")
    save(owner)
    turk = person("turk", "translator:tr", "reviewer:de", "publisher:de")
    write_text(article, "title", "de", "Eins")
    with pytest.raises(PermissionDenied):
        publishing.save_revision(document=owner, by=turk)
    save(owner)
    write_text(article, "title", "tr", "Bir!")
    assert [each.code for each in publishing.save_revision(document=owner, by=turk)] == ["tr"]
    publishing.submit(**what(owner, "tr"), by=turk)  # type: ignore[arg-type]
    for refused in (
        lambda: publishing.submit(**what(owner, "en"), by=turk),  # type: ignore[arg-type]
        lambda: publishing.approve(**what(owner, "tr"), by=turk),  # type: ignore[arg-type]
        lambda: publishing.publish(**what(owner, "tr"), by=turk),  # type: ignore[arg-type]
        lambda: publishing.unpublish(document=owner, language=language("en"), by=turk),
        lambda: publishing.revert(**what(owner, "de"), by=turk),  # type: ignore[arg-type]
        lambda: publishing.call_off(document=owner, language=language("tr"), by=turk),
    ):
        with pytest.raises(PermissionDenied):
            refused()


@pytest.mark.parametrize("lost", [{"is_active": False}, {"is_staff": False}])
def test_a_role_is_worth_nothing_to_who_is_no_longer_of_the_staff(lost: dict[str, bool]) -> None:
    owner = draft()
    editor()
    User.objects.filter(username="ed").update(**lost)
    with pytest.raises(PermissionDenied):
        publishing.submit(**what(owner), by=User.objects.get(username="ed"))  # type: ignore[arg-type]
    assert Role.objects.filter(user__username="ed").exists()


def test_a_rollback_to_what_was_approved_needs_no_new_review() -> None:
    owner, article = published_article(22)
    write_text(article, "title", "en", "Second")
    save(owner)
    approve(owner)
    publishing.publish(**what(owner), by=editor())  # type: ignore[arg-type]
    publishing.publish(document=owner, language=language("en"), by=editor(), number=1)
    assert edition(owner).live_revision.number == 1  # type: ignore[union-attr]
    assert PublicationEvent.objects.filter(action="published").count() == 3
