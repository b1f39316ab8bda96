"""A refresh of the registry puts the documents in front of editors whose facts changed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from ports.models import FAQ, Article, Claim, Document, Port, RegistryChange, Snapshot, WorkItem
from ports.work_items import registry_changes
from ports.work_items.registry_changes import open_for_snapshots
from tests.data.traps import without_registry
from tests.ports import registry_changes as made
from tests.ports.at_once import Aside, wait_until_waiting
from tests.ports.registry_changes import record
from tests.ports.writing import (
    add,
    document,
    publish,
    published_article,
    write,
    write_text,
)

__all__ = ["without_registry"]

pytestmark = pytest.mark.django_db


def items() -> dict[Document, WorkItem]:
    return {item.document: item for item in WorkItem.objects.select_related("document")}


def change_nss(seen_in: Snapshot | None = None) -> RegistryChange:
    """Port 3440 has another assignee."""
    return made.modified(
        seen_in or made.snapshot(),
        record("nss", "3440", assignee="[Ann]"),
        record("nss", "3440", assignee="[Ben]"),
    )


def test_a_text_of_a_translation_counts_where_its_source_is_live() -> None:
    owner, article = published_article(50, body="Nothing.")
    write_text(article, "body", "de", "Siehe {service 3440/tcp}.")
    publish(owner, "de")
    change_nss()
    assert open_for_snapshots() == 1
    (item,) = items().values()
    assert item.language == "en"
    assert item.evidence == {"about": False, "claims": False, "cited_in": ["de"], "denied": []}


def test_a_text_whose_part_was_withdrawn_is_seen_by_nobody() -> None:
    owner, _article = published_article(50)
    faq = add(owner, FAQ, question_en="Why?", answer_en="So.", answer_de="[[3440]]")
    publish(owner, "en", "de")
    write(faq, removed_at=timezone.now())
    publish(owner)
    change_nss()
    assert open_for_snapshots() == 0


def test_a_denied_claim_makes_it_weighty_and_is_kept_with_it() -> None:
    owner = document(50)
    add(owner, Article, title_en="A title")
    add(owner, Claim, claimed_port=3440, transport="tcp", kind="status", value="assigned")
    publish(owner)
    Port.objects.filter(number=3440).update(tcp_status="unassigned")
    change_nss()
    assert open_for_snapshots() == 1
    (item,) = items().values()
    assert item.severity == WorkItem.Severity.HIGH
    assert item.evidence["denied"] == [
        {"port": 3440, "transport": "tcp", "kind": "status", "value": "assigned"}
    ]


def test_each_snapshot_opens_items_of_its_own_the_oldest_first() -> None:
    owner, _article = published_article(3440)
    changes = [change_nss(made.snapshot(f"2026-0{month}-01")) for month in (1, 2)]
    assert open_for_snapshots() == 2
    opened = WorkItem.objects.filter(document=owner).order_by("id")
    assert [[*item.changes.all()] for item in opened] == [[change] for change in changes]


def test_a_snapshot_that_changed_nothing_is_never_looked_at_again(
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    made.snapshot()
    open_for_snapshots()
    assert not Snapshot.objects.filter(work_items_at=None).exists()
    with django_assert_num_queries(1):
        open_for_snapshots()


def test_a_second_run_opens_nothing_even_if_the_first_was_forgotten() -> None:
    published_article(3440)
    change_nss()
    assert open_for_snapshots() == 1
    assert open_for_snapshots() == 0
    Snapshot.objects.update(work_items_at=None)
    assert open_for_snapshots() == 0
    assert WorkItem.objects.count() == 1


def test_a_snapshot_that_fails_is_tried_again_and_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    published_article(3440)
    bad, good = (change_nss(made.snapshot()) for _ in range(2))

    def fail_once(*args: Any) -> Any:
        monkeypatch.undo()
        raise ValueError("a bad record")

    monkeypatch.setattr(registry_changes, "_touched", fail_once)
    assert open_for_snapshots() == 1
    assert "a bad record" in caplog.text
    assert [*WorkItem.objects.get().changes.all()] == [good]
    assert open_for_snapshots() == 1
    assert [*WorkItem.objects.get(cause=f"snapshot {bad.snapshot_id}").changes.all()] == [bad]


def test_it_takes_few_queries_however_many_documents_there_are(
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    for number in range(50, 70):
        owner = document(number)
        add(owner, Article, title_en="A title", body_en="[[3440]]", title_tr="Başlık")
        add(owner, Claim, claimed_port=3440, transport="tcp", kind="status", value="assigned")
        publish(owner, "en", "tr")
    change_nss()
    with django_assert_max_num_queries(16):
        assert open_for_snapshots() == 20


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="SQLite lets one transaction write at a time, and its test database has one connection",
)
def test_of_two_workers_at_once_one_opens_the_items_and_one_waits_and_opens_none() -> None:
    Port.objects.get_or_create(number=3440)
    published_article(3440)
    change = change_nss()
    opened: list[int] = []
    workers = [Aside(lambda: opened.append(open_for_snapshots())) for _ in range(2)]
    with transaction.atomic():
        Snapshot.objects.select_for_update().get(pk=change.snapshot_id)
        for worker in workers:
            worker.start()
        wait_until_waiting(2)
    for worker in workers:
        worker.join()
    assert sorted(opened) == [0, 1]
    assert WorkItem.objects.count() == 1
