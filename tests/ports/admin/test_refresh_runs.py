"""Refreshes of the registry in the admin: asked for, watched, told of, accepted, downloaded."""

import json
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone, translation

from ports.admin import run_texts
from ports.languages import LANGUAGES, Language
from ports.models import RefreshRun, RegistryFile, User
from ports.registry import runs
from ports.registry.reasons import FIGURE_REASONS, Reason
from ports.tasks import nudge
from tests.ports import refresh_runs as made
from tests.ports.admin.staff import member_of_staff
from tests.ports.web.pages import get

pytestmark = pytest.mark.django_db

LIST = "/admin/ports/refreshrun/"
REQUEST = f"{LIST}refresh/"
REASON = "The registry's authors confirmed the merger."


def page_of(run: RefreshRun) -> str:
    return f"{LIST}{run.pk}/change/"


def doors(run: RefreshRun) -> dict[str, tuple[str, str, str]]:
    """Every door: its method, its address, and a permission that opens it."""
    return {
        "list": ("get", LIST, "view_refreshrun"),
        "page": ("get", page_of(run), "view_refreshrun"),
        "progress": ("get", f"{LIST}{run.pk}/progress/", "view_refreshrun"),
        "refresh now": ("post", REQUEST, "request_refresh"),
        "accept": ("post", f"{LIST}{run.pk}/accept/", "accept_refused_file"),
        "refused file": ("get", f"{LIST}{run.pk}/file/", "accept_refused_file"),
    }


every_door = pytest.mark.parametrize("door", doors(RefreshRun(pk=1)))


def open_door(client: Client, door: str, run: RefreshRun) -> Any:
    method, address, _permission = doors(run)[door]
    return getattr(client, method)(address, {"why": REASON} if method == "post" else None)


@pytest.mark.parametrize("door", ["refresh now", "accept"])
def test_a_worker_is_told_once_the_request_is_stored(
    admin_client: Client, django_capture_on_commit_callbacks: Any, door: str
) -> None:
    run = made.refused_with_file()
    with django_capture_on_commit_callbacks() as callbacks:
        open_door(admin_client, door, run)
    assert nudge in callbacks


@every_door
def test_a_stranger_is_sent_to_the_login(client: Client, door: str) -> None:
    run = made.refused_with_file()
    assert open_door(client, door, run).headers["Location"].startswith("/admin/login/")
    assert RefreshRun.objects.count() == 1


@every_door
def test_staff_without_the_permission_are_refused(door: str) -> None:
    run = made.refused_with_file()
    others = {permission for _, _, permission in doors(run).values()}
    others -= {doors(run)[door][2]}
    if door in {"list", "page", "progress"}:
        # Who may ask for a refresh, or accept one, sees them.
        others = {"view_snapshot", "view_registrychange"}
    assert open_door(member_of_staff(*others), door, run).status_code == 403
    assert RefreshRun.objects.count() == 1


@every_door
def test_the_permission_opens_the_door(door: str) -> None:
    run = made.refused_with_file()
    response = open_door(member_of_staff(doors(run)[door][2]), door, run)
    assert response.status_code == (303 if doors(run)[door][0] == "post" else 200)


@pytest.mark.parametrize("door", ["refresh now", "accept"])
def test_a_form_of_another_site_is_refused(door: str) -> None:
    run = made.refused_with_file()
    guarded = Client(enforce_csrf_checks=True)
    guarded.force_login(User.objects.create_superuser("chief", "", "a long password"))
    assert open_door(guarded, door, run).status_code == 403
    assert RefreshRun.objects.count() == 1


@pytest.mark.parametrize("door", ["refresh now", "accept"])
def test_a_get_does_nothing(admin_client: Client, door: str) -> None:
    run = made.refused_with_file()
    response = admin_client.get(doors(run)[door][1])
    assert response.status_code == 302
    assert response.headers["Location"] == (LIST if door == "refresh now" else page_of(run))
    assert RefreshRun.objects.count() == 1


def test_refresh_now_leads_to_the_run_that_was_asked_for() -> None:
    anna = member_of_staff("request_refresh", name="anna")
    response = anna.post(REQUEST)
    run = RefreshRun.objects.get()
    assert (run.door, run.asked_by.username) == ("admin", "anna")  # type: ignore[union-attr]
    assert response.status_code == 303
    assert response.headers["Location"] == page_of(run)
    assert "You asked for a refresh" in get(anna, page_of(run)).content.decode()


def test_a_second_press_shows_the_run_that_waits_and_says_so() -> None:
    anna = member_of_staff("request_refresh", name="anna")
    ben = member_of_staff("request_refresh", name="ben")
    anna.post(REQUEST)
    response = ben.post(REQUEST)
    run = RefreshRun.objects.get()
    assert response.headers["Location"] == page_of(run)
    told = get(ben, page_of(run)).content.decode()
    assert "waiting or running already" in told
    assert "You asked for a refresh" not in told


def test_while_a_refresh_runs_no_other_is_asked_for(admin_client: Client) -> None:
    running = made.run("running", source=settings.REGISTRY_URL)
    assert admin_client.post(REQUEST).headers["Location"] == page_of(running)
    assert RefreshRun.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "connection.vendor != 'postgresql'",
    reason="SQLite's test database has one connection; tests/browser asks a real one",
)
def test_two_people_who_press_at_once_get_one_run() -> None:
    editors = [member_of_staff("request_refresh", name=name) for name in ("anna", "ben")]
    start = Barrier(len(editors))
    led_to: list[str] = []

    def press(editor: Client) -> None:
        try:
            start.wait(10)
            led_to.append(editor.post(REQUEST).headers["Location"])
        finally:
            connection.close()

    threads = [Thread(target=press, args=[editor]) for editor in editors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert led_to == [page_of(RefreshRun.objects.get())] * 2


@pytest.mark.parametrize("address", [LIST, "/admin/"])
def test_the_button_is_there_for_those_who_may_press_it(address: str) -> None:
    button = f'action="{REQUEST}"'
    assert button in get(member_of_staff("request_refresh"), address).content.decode()
    assert button not in get(member_of_staff("view_refreshrun"), address).content.decode()


@pytest.mark.parametrize("state", RefreshRun.State)
def test_each_state_has_its_page(admin_client: Client, state: str) -> None:
    run = made.run(state)
    page = get(admin_client, page_of(run)).content.decode()
    assert run.get_state_display() in page
    is_open = state in {"queued", "running"}
    assert ("<progress" in page) == is_open
    assert ("refresh_progress" in page) == is_open
    # For browsers without scripts; those with them would lose what the script shows.
    meta = '<noscript><meta http-equiv="refresh" content="3"></noscript>'
    assert (meta in page) == is_open


def test_progress_is_told_in_ready_sentences(admin_client: Client) -> None:
    run = made.run("running", step="getting", bytes_received=512 * 1024, bytes_expected=1024 * 1024)
    response = admin_client.get(f"{LIST}{run.pk}/progress/")
    assert response.headers["Content-Type"] == "application/json"
    assert "no-store" in response.headers["Cache-Control"]
    told = response.json()
    assert (told["ended"], told["share"]) == (False, 0.5)
    assert told["texts"]["status"] == "Getting the file"
    assert told["texts"]["received"].replace("\xa0", " ") == "512.0 KB of 1.0 MB"


def test_nobody_knows_how_far_a_file_of_unknown_length_is(admin_client: Client) -> None:
    run = made.run("running", step="getting", bytes_received=512)
    assert admin_client.get(f"{LIST}{run.pk}/progress/").json()["share"] is None


def test_more_bytes_than_expected_are_not_more_than_all(admin_client: Client) -> None:
    run = made.run("running", step="getting", bytes_received=20, bytes_expected=10)
    assert admin_client.get(f"{LIST}{run.pk}/progress/").json()["share"] == 1


def test_the_end_of_a_run_is_told(admin_client: Client) -> None:
    run = made.run("applied")
    assert admin_client.get(f"{LIST}{run.pk}/progress/").json()["ended"] is True


def test_a_run_that_waits_for_its_hour_says_so(admin_client: Client) -> None:
    run = made.run("queued", due_at=timezone.now() + timedelta(hours=1))
    status = admin_client.get(f"{LIST}{run.pk}/progress/").json()["texts"]["status"]
    assert status.startswith("It waits until ")


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30])
@pytest.mark.parametrize("page", ["progress", "accept", "file", "change"])
def test_a_run_that_there_is_not_is_not_found(admin_client: Client, page: str, number: str) -> None:
    assert admin_client.get(f"{LIST}{number}/{page}/").status_code == 404


HOSTILE = "</td><script>alert(1)</script><img src=x onerror=alert(1)>\"'"


@pytest.mark.parametrize("page", ["list", "page", "index"])
def test_what_came_from_outside_is_shown_as_text(admin_client: Client, page: str) -> None:
    figures = {"source": HOSTILE, "error": f"{HOSTILE} %(source)s %s"}
    failed = made.run("failed", source=HOSTILE, reason="not_reachable", figures=figures)
    address = {"list": LIST, "page": page_of(failed), "index": "/admin/"}[page]
    shown = get(admin_client, address).content.decode()
    assert "alert(1)" in shown
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown


def test_what_a_person_typed_is_shown_as_text(admin_client: Client) -> None:
    refused = made.refused_with_file()
    admin_client.post(f"{LIST}{refused.pk}/accept/", {"why": HOSTILE})
    (accepting,) = refused.acceptances.all()
    for run in (refused, accepting):
        shown = get(admin_client, page_of(run)).content.decode()
        assert "alert(1)" in shown
        assert "<script>alert" not in shown


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_every_reason_is_a_sentence_with_its_figures_marked(language: Language) -> None:
    figures = {name: f"<{name}>" for name in PLACEHOLDERS} | {"count": 12_805}
    for reason in Reason:
        run = RefreshRun(state="refused", reason=reason, figures=figures)
        with translation.override(language.code):
            told = run_texts.reason_sentence(run)
        assert "%" not in told
        assert f">{reason}<" not in told
        assert "<source>" not in told


PLACEHOLDERS = (
    *("address", "before", "column", "count", "encoding", "error", "expected", "found", "host"),
    *("limit", "line", "missing", "most", "record", "seconds", "source", "status", "stored"),
    "target",
)


@pytest.mark.parametrize(
    ("reason", "figures"), [("of_another_version", {}), ("names_gone", {"count": 1})]
)
def test_a_reason_of_another_version_is_shown_by_its_name(
    admin_client: Client, reason: str, figures: dict[str, Any]
) -> None:
    made.run("refused", reason=reason, figures=figures)
    assert reason in get(admin_client, LIST).content.decode()


def test_a_refused_file_is_accepted_with_a_reason() -> None:
    refused = made.refused_with_file()
    anna = member_of_staff("accept_refused_file", name="anna")
    assert 'name="why"' in get(anna, page_of(refused)).content.decode()
    response = anna.post(f"{LIST}{refused.pk}/accept/", {"why": REASON})
    (accepting,) = refused.acceptances.all()
    assert response.status_code == 303
    assert response.headers["Location"] == page_of(accepting)
    assert accepting.acceptance == REASON
    assert accepting.asked_by.username == "anna"  # type: ignore[union-attr]

    there = get(anna, page_of(refused)).content.decode()
    assert f'href="{page_of(accepting)}"' in there
    assert "anna" in there
    assert "The registry&#x27;s authors confirmed the merger." in there
    assert 'name="why"' not in there
    back = get(anna, page_of(accepting)).content.decode()
    assert f'href="{page_of(refused)}"' in back


@pytest.mark.parametrize("why", ["", "   ", "too short", "long " * 201, "a zero byte \x00 in it"])
def test_a_file_is_not_accepted_without_a_real_reason(admin_client: Client, why: str) -> None:
    refused = made.refused_with_file()
    response = admin_client.post(f"{LIST}{refused.pk}/accept/", {"why": why})
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    assert RefreshRun.objects.count() == 1


def test_a_file_is_accepted_once(admin_client: Client) -> None:
    refused = made.refused_with_file()
    for _ in range(2):
        response = admin_client.post(f"{LIST}{refused.pk}/accept/", {"why": REASON}, follow=True)
    assert "somebody has accepted the file already" in response.content.decode()
    assert refused.acceptances.count() == 1


def test_a_file_that_was_accepted_asks_for_no_better_reason(admin_client: Client) -> None:
    refused = made.refused_with_file()
    for why in (REASON, ""):
        response = admin_client.post(f"{LIST}{refused.pk}/accept/", {"why": why}, follow=True)
    assert "somebody has accepted the file already" in response.content.decode()
    assert 'name="why"' not in response.content.decode()


def test_a_file_that_is_gone_is_not_accepted(admin_client: Client) -> None:
    refused = made.refused_with_file()
    RegistryFile.objects.all().delete()
    response = admin_client.post(f"{LIST}{refused.pk}/accept/", {"why": REASON}, follow=True)
    shown = response.content.decode()
    assert "it is no longer kept" in shown
    assert "The refused file is no longer kept." in shown
    assert 'name="why"' not in shown
    assert admin_client.get(f"{LIST}{refused.pk}/file/").status_code == 404


@pytest.mark.parametrize("reason", sorted(set(Reason) - FIGURE_REASONS))
def test_only_figures_are_overruled(admin_client: Client, reason: str) -> None:
    refused = made.refused_with_file(reason=reason)
    assert 'name="why"' not in get(admin_client, page_of(refused)).content.decode()
    response = admin_client.post(f"{LIST}{refused.pk}/accept/", {"why": REASON}, follow=True)
    assert "nobody may overrule this refusal" in response.content.decode()
    assert RefreshRun.objects.count() == 1


def test_those_who_may_not_accept_see_neither_the_form_nor_the_file() -> None:
    refused = made.refused_with_file()
    shown = get(member_of_staff("view_refreshrun"), page_of(refused)).content.decode()
    assert 'name="why"' not in shown
    assert f"{LIST}{refused.pk}/file/" not in shown
    assert "412" in shown


@pytest.mark.parametrize("text", ["Service Name\r\n=cmd()\r\n", "<script>alert(1)</script>", ""])
def test_a_refused_file_is_saved_and_never_shown(admin_client: Client, text: str) -> None:
    refused = made.refused_with_file(text)
    response = admin_client.get(f"{LIST}{refused.pk}/file/")
    assert b"".join(response.streaming_content) == text.encode()  # type: ignore[arg-type]
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    disposition = response.headers["Content-Disposition"]
    assert disposition == f'attachment; filename="registry-refused-{refused.pk}.csv"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("count", [1, 40])
def test_the_list_costs_few_queries(
    admin_client: Client, django_assert_max_num_queries: Callable[[int], Any], count: int
) -> None:
    for _ in range(count):
        made.run("refused", asked_by=User.objects.get(), file=None)
        made.run("applied")
    with django_assert_max_num_queries(8):
        get(admin_client, LIST)
    editor = member_of_staff("view_refreshrun")
    with django_assert_max_num_queries(8):
        get(editor, LIST)


def test_a_runs_page_and_its_progress_cost_few_queries(
    admin_client: Client, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    refused = made.refused_with_file()
    with django_assert_max_num_queries(8):
        get(admin_client, page_of(refused))
    running = made.run("running")
    with django_assert_max_num_queries(3):
        admin_client.get(f"{LIST}{running.pk}/progress/")


@pytest.mark.parametrize(("query", "found"), [("state=refused", 1), ("door=admin", 2)])
def test_runs_are_filtered(admin_client: Client, query: str, found: int) -> None:
    made.run("refused", door="schedule")
    made.run("unchanged", door="admin")
    made.run("unchanged", door="admin")
    page = get(admin_client, f"{LIST}?{query.replace('=', '__exact=')}").content.decode()
    assert page.count('class="field-state') == found


def test_the_json_holds_no_markup(admin_client: Client) -> None:
    run = made.run("running", source=HOSTILE)
    told = json.dumps(admin_client.get(f"{LIST}{run.pk}/progress/").json())
    assert "<" not in told


def test_an_acceptance_of_a_run_that_is_no_question_of_figures_is_refused_at_the_door_itself() -> (
    None
):
    refused = made.refused_with_file(reason="header", figures={"expected": "", "found": ""})
    with pytest.raises(runs.NotAcceptableError):
        runs.accept(refused, by=User.objects.create_user("anna"), why=REASON)
