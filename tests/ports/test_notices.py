"""E-mails to editors: who is told what, in which words, and that nothing is told twice or lost."""

import smtplib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from ports import desk, notices, publishing, work_items
from ports.models import Article, Comment, Document, Edition, Notice, Revision, User, WorkItem
from ports.notices import sending, stopping
from tests.mail_server import MailServer, frozen_server
from tests.ports.mailbox import IN_MEMORY, sent, told_each_time, waiting, with_address
from tests.ports.writing import add, document, editor, language, person, save, write_text

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def mail_is_set_up(settings: Any) -> None:
    settings.MAILERS = IN_MEMORY
    settings.SITE_URL = "https://ports.example"
    settings.DEFAULT_FROM_EMAIL = "Portsite <portsite@ports.example>"


def draft(code: str = "en") -> Document:
    """A text that waits to be submitted, written by ed."""
    owner = document(22)
    add(owner, Article, **{"title_en": "A title", f"title_{code}": "Something"})
    save(owner)
    return owner


def latest(owner: Document, code: str = "en") -> Revision:
    revision = Edition.objects.get(document=owner, language=code).latest_revision
    assert revision is not None
    return revision


def what(owner: Document, code: str = "en") -> dict[str, Any]:
    return {"document": owner, "language": language(code), "number": latest(owner, code).number}


def test_the_reviewers_of_the_language_are_told_of_what_was_submitted() -> None:
    for name, role in (
        ("all", "reviewer"),
        ("turkish", "reviewer:tr"),
        ("dutch", "reviewer:nl"),
        ("publisher", "publisher"),
    ):
        told_each_time(name, role)
    with_address("daily", "reviewer", notices="daily")
    with_address("silent", "reviewer")
    told_each_time("without-address", "reviewer")
    told_each_time("gone", "reviewer", is_active=False)
    told_each_time("super", is_superuser=True)
    User.objects.filter(username="without-address").update(email="")
    publishing.submit(**what(draft("tr"), "tr"), by=editor())
    assert waiting() == [(name, "submitted") for name in ("all", "super", "turkish")]


def test_whoever_wrote_some_of_it_is_not_asked_to_review_it() -> None:
    told_each_time("ed", "writer", "reviewer", "publisher", "translator")
    told_each_time("other", "writer", "reviewer")
    owner = draft()
    write_text(Article.objects.get(), "body", "en", "More.")
    publishing.save_revision(document=owner, by=person("other"))
    submitter = person("sub", "writer")
    publishing.submit(**what(owner), by=submitter)
    assert waiting() == []


def test_writers_are_told_what_to_change_and_publishers_what_was_approved() -> None:
    told_each_time("ed", "writer", "publisher")
    told_each_time("rev", "reviewer", "publisher")
    told_each_time("pub", "publisher:en")
    owner = draft()
    publishing.submit(**what(owner), by=editor())
    publishing.request_changes(**what(owner), by=person("rev"), note="Which?\nAnd when?")
    publishing.submit(**what(owner), by=editor())
    publishing.approve(**what(owner), by=person("rev"))
    assert waiting() == [
        ("ed", "changes_requested"),
        ("ed", "approved"),
        ("pub", "approved"),
        ("rev", "submitted"),
        ("rev", "submitted"),
    ]


def test_what_was_approved_without_a_review_is_told_as_well() -> None:
    told_each_time("pub", "publisher")
    chief = with_address("chief", is_superuser=True, notices="each")
    publishing.approve_without_review(**what(draft()), by=chief, note="Nobody else is here")
    assert waiting() == [("pub", "approved")]


def test_what_is_rolled_back_is_not_told() -> None:
    told_each_time("rev", "reviewer")
    owner = draft()
    with transaction.atomic():
        publishing.submit(**what(owner), by=editor())
        transaction.set_rollback(True)
    assert waiting() == []


def comment(owner: Document, name: str, thread: Comment | None = None) -> Comment:
    made = Comment.objects.create(
        revision=latest(owner), thread=thread, text="Why?", by=person(name), at=timezone.now()
    )
    notices.commented(made)
    return made


def test_those_who_talk_about_a_text_and_those_who_wrote_it_are_told_of_a_comment() -> None:
    owner = draft()
    for name in ("ed", "asks", "answers", "elsewhere"):
        told_each_time(name, "reviewer")
    comment(owner, "elsewhere")
    Notice.objects.all().delete()
    thread = comment(owner, "asks")
    assert waiting() == [("ed", "commented")]
    comment(owner, "answers", thread)
    comment(owner, "ed", thread)
    assert waiting() == [
        ("answers", "commented"),
        ("asks", "commented"),
        ("asks", "commented"),
        ("ed", "commented"),
        ("ed", "commented"),
    ]


def item(owner: Document) -> WorkItem:
    made = work_items.open_item(
        document=owner,
        language=language("en"),
        kind=WorkItem.Kind.DEAD_LINK,
        cause="https://gone.example/",
        severity=WorkItem.Severity.LOW,
    )
    assert made is not None
    return made


def assign(given: WorkItem, owner: User | None, by: User) -> None:
    work_items.assign(item=given, owner=owner, due_on=None, note="Please", by=by)


def test_the_new_owner_of_a_work_item_is_told_once_and_never_by_themselves() -> None:
    owner, giver = told_each_time("owner", "writer"), told_each_time("giver", "writer")
    given = item(draft())
    assign(given, giver, by=giver)
    assert waiting() == []
    assign(given, owner, by=giver)
    assign(given, owner, by=giver)
    assign(given, None, by=giver)
    assert waiting() == [("owner", "work_item")]
    (mail,) = sent()
    assert mail.subject == "For you to look at: Port 22 (English)"
    assert "Reason: A source no longer answers" in mail.body
    assert "> Please" in mail.body


def test_without_a_mail_server_nothing_is_kept_to_be_sent(settings: Any) -> None:
    settings.MAILERS = {}
    told_each_time("rev", "reviewer")
    with_address("daily", "reviewer", notices="daily")
    owner = draft()
    publishing.submit(**what(owner), by=editor())
    comment(owner, "rev")
    notices.write_digests(desk.waiting_for, MORNING)
    assert waiting() == []
    assert notices.send_due() == 0


def submitted_to(**values: Any) -> User:
    told = told_each_time("rev", "reviewer", **values)
    User.objects.filter(pk=editor().pk).update(first_name="Ada")
    publishing.submit(**what(draft()), by=editor(), note="Two lines:\nplease look")
    return told


def test_an_email_says_who_did_what_and_where_to_see_it() -> None:
    submitted_to()
    (mail,) = sent()
    assert mail.to == ["rev@example.org"]
    assert mail.subject == "Please review: Port 22 (English)"
    assert mail.body.startswith("ed asks for a review of this text: Port 22 (English).\n")
    assert "ed writes:\n> Two lines:\n> please look\n" in mail.body
    assert "https://ports.example/admin/ports/port/22/publishing/\n" in mail.body
    assert mail.extra_headers["Auto-Submitted"] == "auto-generated"
    assert Notice.objects.get().sent_at is not None
    assert sent() == []


@pytest.mark.urls("tests.ports.admin.urls_with_mail")
def test_an_email_is_in_the_language_of_its_reader() -> None:
    submitted_to(preferred_language="de")
    told = Notice.objects.get()
    Notice.objects.create(
        to=told.to, kind="password_reset", created_at=told.created_at, due_at=told.due_at
    )
    mails = {"password" if "password_reset" in each.body else "notice": each for each in sent()}
    assert "Passwort" in mails["password"].body
    assert "Port 22 (English)" in mails["notice"].subject


def test_a_name_with_a_line_end_makes_no_header() -> None:
    told_each_time("rev", "reviewer")
    publishing.submit(**what(draft()), by=editor())
    notice = Notice.objects.select_related("to").get()
    User.objects.filter(pk=notice.to_id).update(email="rev@example.org\nBcc: all@example.org")
    assert sent() == []
    assert "ValueError" in Notice.objects.get().failure


def test_each_email_has_a_link_that_stops_them_without_a_login(client: Client) -> None:
    rev = submitted_to()
    (mail,) = sent()
    address = mail.extra_headers["List-Unsubscribe"].strip("<>")
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in mail.body
    path = address.removeprefix("https://ports.example")
    page = client.get(path)
    assert page.status_code == 200
    assert "Send me no more e-mails" in page.content.decode()
    rev.refresh_from_db()
    assert rev.notices == "each"
    # As a mail program does it: no cookie, no token of a form.
    strict = Client(enforce_csrf_checks=True)
    done = strict.post(path, {"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    rev.refresh_from_db()
    assert rev.notices == ""
    for response in (page, done):
        assert response.cookies == {}
        assert "no-store" in response.headers["Cache-Control"]


def test_the_page_that_stops_them_sets_no_cookie_for_whoever_is_signed_in(client: Client) -> None:
    rev = submitted_to()
    client.force_login(rev)
    path = stopping.link(rev).removeprefix("https://ports.example")
    assert client.get(path).cookies == {}


@pytest.mark.parametrize("change", ["{}x", "1{}", "", "1:abc", "x:{}", "٣:abc", "1"])
def test_a_link_that_is_not_ours_stops_nothing(client: Client, change: str) -> None:
    rev = submitted_to()
    token = stopping.link(rev).rstrip("/").rpartition("/")[2]
    forged = change.format(token) or f"{rev.pk + 1}:{token.partition(':')[2]}"
    with_address("other", notices="each")
    assert client.post(f"/admin/notices/stop/{forged}/").status_code == 404
    assert User.objects.filter(notices="each").count() == 2


@pytest.mark.parametrize(
    "change", [{"notices": ""}, {"notices": "daily"}, {"is_active": False}, {"email": ""}]
)
def test_what_nobody_wants_any_more_is_not_sent(change: dict[str, Any]) -> None:
    rev = submitted_to()
    User.objects.filter(pk=rev.pk).update(**change)
    assert sent() == []
    assert not Notice.objects.exists()


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with MailServer() as running:
        settings.MAILERS = on_port(running.port)
        yield running


def on_port(port: int) -> dict[str, Any]:
    return {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 1},
        }
    }


def three_waiting() -> None:
    for name in ("a", "b", "c"):
        told_each_time(name, "reviewer")
    publishing.submit(**what(draft()), by=editor())


def test_everything_that_is_due_goes_over_one_connection(server: MailServer) -> None:
    three_waiting()
    assert notices.send_due() == 3
    assert sorted(str(mail["To"]) for mail in server.mails) == [
        "a@example.org",
        "b@example.org",
        "c@example.org",
    ]
    assert server.connections == 1
    assert len({mail["Message-ID"] for mail in server.mails}) == 3
    assert notices.send_due() == 0


def test_an_address_that_the_server_refuses_keeps_no_other_from_its_mail(
    server: MailServer,
) -> None:
    server.unknown = {"a@example.org"}
    three_waiting()
    assert notices.send_due() == 2
    refused = Notice.objects.get(sent_at=None)
    assert refused.to.username == "a"
    assert refused.attempts == 1
    assert "nobody here of that name" in refused.failure


def minutes_until_due(notice: Notice) -> int:
    return round((notice.due_at - timezone.now()).total_seconds() / 60)


def test_what_fails_is_tried_again_after_longer_and_longer_pauses(server: MailServer) -> None:
    server.unknown = {"rev@example.org"}
    submitted_to()
    pauses = []
    for _ in range(7):
        Notice.objects.update(due_at=timezone.now())
        assert notices.send_due() == 0
        pauses.append(minutes_until_due(Notice.objects.get()))
    assert pauses == [1, 5, 30, 120, 360, 360, 360]
    assert Notice.objects.get().attempts == 7
    server.unknown = set()
    Notice.objects.update(due_at=timezone.now())
    assert notices.send_due() == 1
    assert Notice.objects.get().failure == ""


def test_a_server_that_never_answers_costs_one_timeout(settings: Any) -> None:
    three_waiting()
    with frozen_server() as port:
        settings.MAILERS = on_port(port)
        started = timezone.now()
        assert notices.send_due() == 0
        assert notices.send_due() == 0  # nothing is due now
        assert timezone.now() - started < timedelta(seconds=2.5)
    assert sorted(Notice.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    assert {minutes_until_due(each) for each in Notice.objects.all()} == {1}
    assert all("timed out" in each.failure for each in Notice.objects.all())


def test_a_server_that_is_not_there_loses_nothing(settings: Any, server: MailServer) -> None:
    three_waiting()
    settings.MAILERS = on_port(9)
    assert notices.send_due() == 0
    settings.MAILERS = on_port(server.port)
    Notice.objects.update(due_at=timezone.now())
    assert notices.send_due() == 3


def test_whoever_is_killed_while_sending_leaves_the_notice_to_others(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted_to()

    def killed(*_arguments: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(smtplib.SMTP, "sendmail", killed)
        with pytest.raises(SystemExit):
            notices.send_due()
    assert notices.send_due() == 0  # it may still be on its way
    Notice.objects.update(due_at=timezone.now())
    assert notices.send_due() == 1
    assert len(server.mails) == 1


def test_a_notice_that_cannot_be_told_holds_up_no_other(
    server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    rev = submitted_to()
    now = timezone.now() - timedelta(minutes=1)
    Notice.objects.create(to=rev, kind="approved", created_at=now, due_at=now)  # about nothing
    assert notices.send_due() == 1
    assert "TypeError" in Notice.objects.get(sent_at=None).failure
    assert "could not be sent" in caplog.text


def test_at_most_a_hundred_are_sent_at_once(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "MOST_AT_ONCE", 2)
    three_waiting()
    assert [notices.send_due(), notices.send_due(), notices.send_due()] == [2, 1, 0]


def test_what_was_sent_long_ago_is_forgotten() -> None:
    three_waiting()
    old, recent, _unsent = Notice.objects.order_by("pk")
    now = timezone.now()
    Notice.objects.update(created_at=now - timedelta(days=200))
    Notice.objects.filter(pk=old.pk).update(sent_at=now - timedelta(days=91))
    Notice.objects.filter(pk=recent.pk).update(sent_at=now - timedelta(days=89))
    assert notices.forget_sent() == 1
    assert not Notice.objects.filter(pk=old.pk).exists()


def daily(name: str = "daily", *roles: str, **values: Any) -> User:
    return with_address(name, *(roles or ("reviewer",)), notices="daily", **values)


def test_a_digest_lists_what_waits_once_a_day() -> None:
    daily()
    publishing.submit(**what(draft()), by=editor())
    assert notices.write_digests(desk.waiting_for, MORNING - timedelta(minutes=1)) == 0
    assert notices.write_digests(desk.waiting_for, MORNING) == 1
    assert notices.write_digests(desk.waiting_for, MORNING + timedelta(hours=5)) == 0
    (mail,) = sent()
    assert mail.subject == "What waits for you"
    assert "Review: 22 (English)\nhttps://ports.example/admin/" in mail.body
    assert "List-Unsubscribe" in mail.extra_headers
    tomorrow = MORNING + timedelta(days=1)
    assert notices.write_digests(desk.waiting_for, tomorrow) == 1


def test_no_digest_comes_when_nothing_waits_nor_later_that_day() -> None:
    user = daily()
    assert notices.write_digests(desk.waiting_for, MORNING) == 0
    user.refresh_from_db()
    assert user.digest_on == date(2026, 11, 24)
    publishing.submit(**what(draft()), by=editor())
    assert notices.write_digests(desk.waiting_for, MORNING + timedelta(hours=1)) == 0
    assert sent() == []


def test_a_digest_replaces_one_that_could_not_be_sent() -> None:
    daily()
    publishing.submit(**what(draft()), by=editor())
    for day in range(3):
        notices.write_digests(desk.waiting_for, MORNING + timedelta(days=day))
    assert waiting() == [("daily", "digest")]


def test_a_digest_is_in_the_language_of_its_reader() -> None:
    daily(preferred_language="de")
    publishing.submit(**what(draft()), by=editor())
    notices.write_digests(desk.waiting_for, MORNING)
    assert "Review: 22" not in Notice.objects.get().text
    assert ": 22 (English)" in Notice.objects.get().text


@pytest.mark.parametrize("change", [{"notices": "each"}, {"is_active": False}, {"email": ""}])
def test_those_who_want_no_digest_get_none(change: dict[str, Any]) -> None:
    user = daily()
    User.objects.filter(pk=user.pk).update(**change)
    publishing.submit(**what(draft()), by=editor())
    assert notices.write_digests(desk.waiting_for, MORNING) == 0


def test_two_workers_that_look_at_once_write_one_digest_each_for_everybody() -> None:
    daily("first")
    daily("second")
    publishing.submit(**what(draft()), by=editor())

    def while_another_looks(user: User) -> list[desk.Waiting]:
        if not Notice.objects.filter(kind="digest").exists():
            notices.write_digests(desk.waiting_for, MORNING)
        return desk.waiting_for(user)

    assert notices.write_digests(while_another_looks, MORNING) == 1
    assert waiting() == [("first", "digest"), ("second", "digest")]
