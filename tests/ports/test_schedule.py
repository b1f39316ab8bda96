"""Plans: what goes live and what ends at its time, whoever looks."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from ports import publishing
from ports.models import Article, Assignment, Claim, Document, Edition, PublicationEvent
from tests.ports.writing import (
    add,
    approve,
    document,
    editor,
    language,
    publish,
    published_article,
    save,
    write_text,
)

pytestmark = pytest.mark.django_db

SOON = timedelta(hours=1)


def edition(owner: Document, code: str = "en") -> Edition:
    return Edition.objects.select_related("latest_revision", "live_revision").get(
        document=owner, language=code
    )


def plan(
    owner: Document,
    code: str = "en",
    live_from: datetime | None = None,
    live_until: datetime | None = None,
) -> None:
    latest = edition(owner, code).latest_revision
    assert latest is not None
    publishing.schedule(
        document=owner,
        language=language(code),
        number=latest.number,
        by=editor(),
        live_from=live_from,
        live_until=live_until,
    )


def approved(**texts: str) -> Document:
    owner = document(3440)
    add(owner, Article, title_en="A planned title", **texts)
    save(owner)
    approve(owner, "en", *(["tr"] if "title_tr" in texts else []))
    return owner


def told(owner: Document) -> list[tuple[str, str | None]]:
    events = PublicationEvent.objects.filter(edition__document=owner).order_by("id")
    return [(event.action, event.by.username if event.by else None) for event in events]


def test_what_is_planned_goes_live_at_its_time_and_not_before(reader: Client) -> None:
    owner, now = approved(), timezone.now()
    plan(owner, live_from=now + SOON)
    assert publishing.carry_out_due() == 0
    assert "A planned title" not in reader.get("/en/ports/3440/").content.decode()
    assert publishing.carry_out_due(now + 2 * SOON) == 1
    assert "A planned title" in reader.get("/en/ports/3440/").content.decode()
    assert publishing.carry_out_due(now + 2 * SOON) == 0, "a second worker has nothing to do"
    assert told(owner) == [("scheduled", "ed"), ("published", "ed")]
    assert edition(owner).live_from is None


def test_what_is_planned_to_end_ends(reader: Client) -> None:
    owner, _article = published_article(3440)
    now = timezone.now()
    plan(owner, live_until=now + SOON)
    assert publishing.carry_out_due(now + 2 * SOON) == 1
    assert edition(owner).live_revision is None
    assert told(owner)[1:] == [("scheduled_end", "ed"), ("expired", "ed")]
    assert "A title" not in reader.get("/en/ports/3440/").content.decode()


def test_a_plan_that_was_missed_as_a_whole_leaves_nothing_live() -> None:
    owner, now = approved(), timezone.now()
    plan(owner, live_from=now + SOON, live_until=now + 2 * SOON)
    publishing.carry_out_due(now + 3 * SOON)
    assert edition(owner).live_revision is None
    assert [action for action, _by in told(owner)][2:] == ["published", "expired"]


def test_a_source_and_its_translation_can_be_planned_for_the_same_moment() -> None:
    owner, moment = approved(title_tr="Planlı başlık"), timezone.now() + SOON
    plan(owner, "en", live_from=moment)
    with pytest.raises(publishing.NotPublishableError):
        plan(owner, "tr", live_from=moment - timedelta(minutes=1))
    plan(owner, "tr", live_from=moment)
    assert publishing.carry_out_due(moment) == 2
    assert edition(owner, "tr").live_revision is not None


def test_what_cannot_go_live_any_more_stays_as_it_was_and_the_plan_is_over() -> None:
    owner, now = document(3144), timezone.now()
    add(owner, Article, title_en="A planned title")
    add(owner, Claim, claimed_port=3144, transport="tcp", kind="service", value="tarantella")
    save(owner)
    approve(owner)
    plan(owner, live_from=now + SOON)
    Assignment.objects.filter(service_name="tarantella").update(service_name="another")
    assert publishing.carry_out_due(now + 2 * SOON) == 1
    assert edition(owner).live_revision is None
    assert [action for action, _by in told(owner)] == ["scheduled", "failed"]
    assert publishing.carry_out_due(now + 2 * SOON) == 0


def test_a_newer_draft_does_not_go_live_with_the_plan() -> None:
    owner, now = approved(), timezone.now()
    plan(owner, live_from=now + SOON)
    write_text(Article.objects.get(), "title", "en", "A draft")
    save(owner)
    publishing.carry_out_due(now + 2 * SOON)
    live = edition(owner).live_revision
    assert live is not None
    assert live.number == 1
    assert edition(owner).work == Edition.Work.DRAFT


def test_a_plan_can_be_called_off_and_publishing_at_once_ends_it() -> None:
    owner, now = approved(), timezone.now()
    with pytest.raises(publishing.WrongStateError):
        publishing.call_off(document=owner, language=language("en"), by=editor())
    plan(owner, live_from=now + SOON)
    publishing.call_off(document=owner, language=language("en"), by=editor())
    assert publishing.carry_out_due(now + 2 * SOON) == 0
    plan(owner, live_from=now + SOON)
    publish(owner)
    assert publishing.carry_out_due(now + 2 * SOON) == 0
    assert [action for action, _by in told(owner)] == [
        "scheduled", "unscheduled", "scheduled", "published",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("begin", "end"),
    [(None, None), (-SOON, None), (None, -SOON), (2 * SOON, SOON), (SOON, SOON)],
)
def test_times_must_lie_ahead_and_in_their_order(
    begin: timedelta | None, end: timedelta | None
) -> None:
    owner, now = approved(), timezone.now()
    with pytest.raises(publishing.WrongTimeError):
        plan(
            owner,
            live_from=now + begin if begin else None,
            live_until=now + end if end else None,
        )
    assert told(owner) == []


def test_the_database_keeps_plans_whole() -> None:
    owner = approved()
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(document=owner).update(live_from=timezone.now())


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("2999-12-31T23:59", "Planned: English."),
        ("1999-12-31T23:59", "the times must lie ahead"),
        ("2999-02-31T23:59", "the times must lie ahead"),
        ("tomorrow", "the times must lie ahead"),
    ],
)
def test_the_publishing_page_takes_a_time_in_utc(typed: str, message: str) -> None:
    owner, client = approved(), Client()
    client.force_login(editor())
    data = {"action": "schedule", "language": "en", "number": "1", "live_from": typed}
    page = client.post("/admin/ports/port/3440/publishing/", data, follow=True).content.decode()
    assert message in page
    if message.startswith("Planned"):
        assert edition(owner).live_from == datetime(2999, 12, 31, 23, 59, tzinfo=UTC)
