"""What editors see of readers' feedback, and what they make of comments."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from feedback import follow_ups, tallying
from feedback.models import FollowUp, Vote
from ports.models import User
from tests.feedback.voters import NOW, cast, cast_many, in_source, page, receipt
from tests.ports.admin.staff import with_roles
from tests.ports.writing import published_article

pytestmark = pytest.mark.django_db

QUEUE = "/admin/feedback/followup/"
OVERVIEW = "/admin/feedback/tally/"
HOSTILE = "<script>alert(1)</script>"


def said(comment: str = "", reason: str = "", code: str = "en", port: int = 3440) -> FollowUp:
    vote = cast(page(port, code), "sad", address=f"192.0.2.{Vote.objects.count()}")
    return follow_ups.follow_up(
        receipt=receipt(vote, NOW - timedelta(minutes=1)),
        reason=reason,
        comment=comment,
        is_trapped=False,
        address="x",
        now=NOW,
    )


def comments(client: Client, query: str = "") -> list[str]:
    answer = client.get(f"{QUEUE}{query}")
    assert answer.status_code == 200
    return re.findall(r'class="readers-comment" dir="auto">(.*?)</div>', answer.content.decode())


def mark(client: Client, state: str, *marked: FollowUp, query: str = "?language=all") -> str:
    answer = client.post(
        f"{QUEUE}{query}",
        {"action": f"mark_{state}", "_selected_action": [str(each.pk) for each in marked]},
        follow=True,
    )
    assert answer.status_code == 200
    return " ".join(
        re.findall(r'<li class="[a-z]+">(.*?)</li>', answer.content.decode(), re.DOTALL)
    )


def test_the_queue_shows_what_is_new_in_ones_own_languages() -> None:
    said("Merhaba", code="tr")
    said("Hello")
    said("Old", "wrong")
    FollowUp.objects.filter(comment="Old").update(state="useful")
    translator = with_roles("t", "translator:tr")
    assert comments(translator) == ["Merhaba"]
    assert comments(translator, "?language=all") == ["Hello", "Merhaba"]
    assert comments(translator, "?language=all&state=all") == ["Old", "Hello", "Merhaba"]
    assert comments(translator, "?language=en&state=useful&reason=wrong") == ["Old"]
    assert comments(translator, "?language=all&state=all&q=hell") == ["Hello"]
    assert comments(translator, "?language=xx&state=nothing") == ["Merhaba"]


def test_comments_are_marked_in_bulk_by_those_with_a_role_in_their_language() -> None:
    turkish, english = said("Merhaba", code="tr"), said("Hello")
    told = mark(with_roles("t", "translator:tr"), "acted_on", turkish, english)
    assert "1 comment marked: Acted on." in told
    assert "1 comment was left as it is" in told
    turkish.refresh_from_db()
    english.refresh_from_db()
    assert (turkish.state, str(turkish.handled_by), english.state) == ("acted_on", "t", "new")
    everybody = "?language=all&state=all"
    mark(with_roles("w", "writer", "translator"), "spam", turkish, english, query=everybody)
    assert set(FollowUp.objects.values_list("state", flat=True)) == {"spam"}
    mark(with_roles("w", "writer", "translator"), "new", english, query=everybody)
    english.refresh_from_db()
    assert (english.state, english.handled_by, english.handled_at) == ("new", None, None)


def with_permissions() -> Client:
    """A member of staff who has Django's permissions for it, which are not asked for."""
    user = User.objects.create_user("permitted", is_staff=True)
    permissions = Permission.objects.filter(content_type__app_label="feedback")
    assert permissions.count() > 10
    user.user_permissions.set(permissions)
    client = Client()
    client.force_login(user)
    return client


def test_whoever_has_no_role_sees_and_marks_nothing() -> None:
    one = said("Hello")
    chart = f"{OVERVIEW}3440/en/"
    for person in (with_roles("nobody"), with_permissions()):
        for address in (QUEUE, OVERVIEW, chart):
            assert person.get(address).status_code == 403
        posted = person.post(QUEUE, {"action": "mark_spam", "_selected_action": [str(one.pk)]})
        assert posted.status_code == 403
    for address in (QUEUE, OVERVIEW, chart):
        assert Client().get(address).headers["Location"].startswith("/admin/login/")
    one.refresh_from_db()
    assert one.state == "new"


def test_nobody_changes_adds_or_deletes_a_comment(admin_client: Client) -> None:
    one = said("Hello")
    assert admin_client.get(f"{QUEUE}add/").status_code == 403
    assert admin_client.post(f"{QUEUE}{one.pk}/change/", {"comment": "x"}).status_code == 403
    assert admin_client.post(f"{QUEUE}{one.pk}/delete/", {"post": "yes"}).status_code == 403
    mark(admin_client, "delete_selected", one)
    assert FollowUp.objects.get().comment == "Hello"


def test_the_queue_costs_few_queries_however_long_it_is(django_assert_max_num_queries: Any) -> None:
    for number in range(30):
        said(f"Comment {number}", port=number)
    client = with_roles("w", "writer")
    client.get(QUEUE)
    with django_assert_max_num_queries(7):
        assert len(comments(client)) == 30


def test_comments_cannot_become_markup(admin_client: Client) -> None:
    said(HOSTILE)
    tallying.count_all()
    for address in (QUEUE, f"{OVERVIEW}3440/en/"):
        shown = admin_client.get(address).content.decode()
        assert HOSTILE not in shown
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


def test_the_overview_counts_every_language_and_leads_to_its_comments() -> None:
    today = timezone.now()
    cast_many(page(), today - timedelta(days=100), sad=50)
    cast_many(page(), today, happy=8, sad=2)
    cast_many(page(80, "tr"), today, sad=1)
    tallying.count_all()
    said("Hello")
    shown = with_roles("w", "writer").get(OVERVIEW).content.decode()
    rows = re.findall(r'<th scope="row"><bdi lang="([^"]+)".*?</tr>', shown, re.DOTALL)
    assert len(rows) == 25
    assert rows[:2] == ["en", "tr"]
    assert f'{QUEUE}?language=en">1<' in shown
    assert "80 (49–94)" in shown


def test_the_page_of_a_page_shows_a_chart_with_its_revisions_and_the_same_in_figures() -> None:
    published_article(3440)
    now = timezone.now()
    cast_many(in_source(1), now - timedelta(days=3), happy=3)
    cast_many(in_source(1), now, sad=2, doubtful=1)
    tallying.count_all()
    said("What is it?", "unclear")
    shown = with_roles("w", "writer").get(f"{OVERVIEW}3440/en/").content.decode()
    assert shown.count('class="bar" x=') == 3 + 3, "the segments, and the legend"
    assert "▼ 1</text>" in shown
    assert "from revision 1" in shown
    assert "What is it?" in shown
    figures = shown.partition("The same in figures")[2].partition("</table>")[0]
    assert figures.count("<tr>") == 1 + 2
    assert 'href="/admin/ports/port/3440/publishing/"' in shown


def test_a_page_that_is_none_is_not_found(admin_client: Client) -> None:
    for path in ("65536/en/", "80/xx/", "80/"):
        assert admin_client.get(f"{OVERVIEW}{path}").status_code == 404
    assert admin_client.get(f"{OVERVIEW}50000/ar/").status_code == 200


def test_a_comment_is_forgotten_after_a_year_and_its_reason_is_kept() -> None:
    said("My story", "outdated")
    assert follow_ups.forget_comments((NOW + timedelta(days=365)).date()) == 0
    assert follow_ups.forget_comments((NOW + timedelta(days=366)).date()) == 1
    kept = FollowUp.objects.get()
    assert (kept.comment, kept.reason) == ("", "outdated")


@pytest.mark.parametrize(
    ("values", "constraint"),
    [({"reason": "bored"}, "follow_up_reason_known"), ({"state": "lost"}, "follow_up_state_known")],
)
def test_the_database_refuses_what_nobody_can_say(values: dict[str, str], constraint: str) -> None:
    vote = cast(page())
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        FollowUp.objects.create(vote=vote, written_on=NOW.date(), **values)
