"""For every rule the database holds, a row that breaks it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from ports.models import (
    FAQ,
    Article,
    Assessment,
    Assignment,
    Claim,
    Comment,
    Document,
    Edition,
    Gloss,
    GlossaryTerm,
    History,
    Notice,
    PageReads,
    Port,
    PublicationEvent,
    PublicState,
    RefreshRun,
    RegistryChange,
    RegistryFile,
    Revision,
    Role,
    Snapshot,
    Source,
    SourceLink,
    Usage,
    User,
    WorkEvent,
    WorkItem,
)
from ports.registry.records import Status, Transport

# The same in every process: it stands in the names of tests.
NOW = datetime(2026, 11, 24, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_registry", "db")]


def assignment(**fields: object) -> Assignment:
    """A record as it may be stored, unless a field says otherwise."""
    good = {
        "service_name": "ssh",
        "port_cell": "22",
        "first_port": 22,
        "last_port": 22,
        "transport": "tcp",
        "status": "assigned",
    }
    return Assignment(**good | fields)


def port(**fields: object) -> Port:
    """A port number that is free, with statuses as they may be, unless a field says otherwise."""
    Port.objects.filter(number=80).delete()
    statuses = {f"{transport.value}_status": Status.ASSIGNED for transport in Transport}
    return Port(**{"number": 80} | statuses | fields)


def snapshot(**fields: object) -> Snapshot:
    good = {
        "origin": "authoritative",
        "reading_rules": 1,
        "record_count": 0,
        "rejected_count": 0,
        "statistics": {},
        "accepted_at": timezone.now(),
    }
    return Snapshot(**good | fields)


def file(**fields: object) -> RegistryFile:
    good = {"sha256": uuid4().hex * 2, "content": b"", "kept_at": timezone.now()}
    return RegistryFile(**good | fields)


def change(**fields: object) -> RegistryChange:
    """A change of one port, unless a field says otherwise."""
    good = {
        "snapshot": saved(snapshot()),
        "kind": "added",
        "service_name": "ssh",
        "port_cell": "22",
        "first_port": 22,
        "last_port": 22,
    }
    return RegistryChange(**good | fields)


def run(**fields: object) -> RefreshRun:
    """A refresh that waits, unless a field says otherwise."""
    now = timezone.now()
    good = {"door": "schedule", "asked_at": now, "due_at": now, "source": "x"}
    return RefreshRun(**good | fields)


def ended(state: str, **fields: object) -> dict[str, object]:
    return {"state": state, "ended_at": NOW, **fields}


def running() -> dict[str, object]:
    return {"state": "running", "lease_until": NOW}


def beside_another() -> dict[str, object]:
    """The fields of a run that goes on while another does."""
    saved(run(**running()))
    return running()


def refused() -> RefreshRun:
    return saved(run(**ended("refused", reason="older")))


def user(**fields: object) -> User:
    return User(**{"username": f"user-{uuid4()}"} | fields)


def part(model: type[models.Model], **good: object) -> Callable[..., models.Model]:
    """A way to make rows as they may be stored, unless a field says otherwise."""
    return lambda **fields: model(**good | fields)


def gloss(name: str = "") -> Gloss:
    return Gloss.objects.create(service_name=name or f"service-{uuid4()}", text="x")


def usage() -> Usage:
    return Usage.objects.create(
        name="MyDoom.A", kind="malware", first_port=3127, last_port=3198, description="x"
    )


def document(**fields: object) -> Document:
    return Document(**{"kind": "port", "port_id": 3440} | fields)


def edition(**fields: object) -> Edition:
    """The first edition of a document, unless a field says otherwise."""
    owner = Document.objects.get_or_create(kind="port", port_id=22)[0]
    return Edition(**{"document": owner, "language": "en"} | fields)


def revision(**fields: object) -> Revision:
    """The first revision of an edition, unless a field says otherwise."""
    owner = edition()
    owner = Edition.objects.get_or_create(document=owner.document, language="en")[0]
    good = {
        "edition": owner,
        "number": 1,
        "structure": {},
        "texts": {},
        "digest": "0" * 64,
        "origin": "bundled",
        "created_at": timezone.now(),
    }
    return Revision(**good | fields)


def saved[Row: models.Model](row: Row) -> Row:
    row.save(force_insert=True)
    return row


def event(**fields: object) -> PublicationEvent:
    published = saved(revision())
    good = {
        "edition": published.edition,
        "action": "published",
        "revision": published,
        "at": timezone.now(),
    }
    return PublicationEvent(**good | fields)


def work_event(**fields: object) -> WorkEvent:
    """That a revision was submitted, unless a field says otherwise."""
    submitted = saved(revision())
    good = {
        "edition": submitted.edition,
        "action": "submitted",
        "revision": submitted,
        "by": saved(user()),
        "at": timezone.now(),
    }
    return WorkEvent(**good | fields)


def role(**fields: object) -> Role:
    """A reviewer of English, always the same person, unless a field says otherwise."""
    somebody = User.objects.get_or_create(username="somebody")[0]
    return Role(**{"user": somebody, "kind": "reviewer", "language": "en"} | fields)


def held(**fields: object) -> dict[str, object]:
    """The fields of a role that somebody has already."""
    saved(role(**fields))
    return fields


def planned(**fields: object) -> dict[str, object]:
    """The fields of an edition with a revision that is to go live."""
    return {"language": "tr", "scheduled_revision": saved(revision()), **fields}


def work_item(**fields: object) -> WorkItem:
    """An open item, always of the same document and cause, unless a field says otherwise."""
    about = Document.objects.filter(port=3440).first() or saved(document())
    good = {
        "document": about,
        "language": "en",
        "kind": "review_date",
        "cause": "2026-11-24",
        "severity": 1,
        "opened_at": NOW,
    }
    return WorkItem(**good | fields)


def comment(**fields: object) -> Comment:
    """A remark on a whole revision, unless a field says otherwise."""
    on = fields.pop("revision", None) or saved(revision())
    return Comment(**{"revision": on, "text": "Why?", "by": saved(user()), "at": NOW} | fields)


def notice(**fields: object) -> Notice:
    """A daily notice that is due, unless a field says otherwise."""
    good = {"to": saved(user()), "kind": "digest", "created_at": NOW, "due_at": NOW}
    return Notice(**good | fields)


def reads(**fields: object) -> PageReads:
    """That a page was read once on a day, unless a field says otherwise."""
    return PageReads(**{"port_id": 3440, "language": "en", "day": NOW.date(), "count": 1} | fields)


def public_state(**fields: object) -> PublicState:
    """The only row of its table, which is there already."""
    PublicState.objects.all().delete()
    return PublicState(**{"pk": 1, "number": 1, "at": NOW} | fields)


def settled(**fields: object) -> dict[str, object]:
    """The fields of an answer in a thread that was settled by somebody."""
    began = saved(comment())
    by = {"settled_at": NOW, "settled_by": saved(user())}
    return {"revision": began.revision, "thread": began, **by, **fields}


GOOD: dict[type[models.Model], Callable[..., models.Model]] = {
    Assignment: assignment,
    Port: port,
    Snapshot: snapshot,
    RegistryFile: file,
    RegistryChange: change,
    RefreshRun: run,
    User: user,
    Article: part(Article, port_id=3440, title="x"),
    Assessment: part(Assessment, port_id=3440, level="low", as_of="2026-11", expected="x"),
    History: part(History, port_id=3440, date="2002-03", title="x"),
    FAQ: part(FAQ, port_id=3440, question="x", answer="x"),
    Claim: part(
        Claim, port_id=3440, claimed_port=3440, transport="tcp", kind="service", value="ans-console"
    ),
    Source: part(Source, port_id=3440, key="iana", title="x", url="https://www.iana.org/"),
    Usage: part(
        Usage, name="MyDoom.A", kind="malware", first_port=3127, last_port=3198, description="x"
    ),
    Gloss: part(Gloss, service_name="ans-console", text="x"),
    Document: document,
    Edition: edition,
    Revision: revision,
    PublicationEvent: event,
    WorkEvent: work_event,
    Role: role,
    WorkItem: work_item,
    Comment: comment,
    Notice: notice,
    PageReads: reads,
    PublicState: public_state,
    SourceLink: lambda **fields: SourceLink(
        **{"url_sha256": "0" * 64, "url": "https://www.iana.org/"} | fields
    ),
    GlossaryTerm: part(GlossaryTerm, key="port", term="port"),
}
type Made = Callable[[], dict[str, object]]
VIOLATIONS: list[tuple[str, type[models.Model], dict[str, object] | Made]] = [
    ("assignment_key", Assignment, {"description": "Another"}),
    ("assignment_key", Assignment, {"first_port": 23, "last_port": 23}),
    ("assignment_name_or_port", Assignment,
     {"service_name": "", "port_cell": "", "first_port": None, "last_port": None}),
    ("assignment_ports_together", Assignment, {"port_cell": "23", "last_port": None}),
    ("assignment_ports_together", Assignment, {"port_cell": "23", "first_port": None}),
    ("assignment_ports_together", Assignment, {"port_cell": ""}),
    ("assignment_ports_together", Assignment,
     {"port_cell": "23", "first_port": None, "last_port": None}),
    ("assignment_ports_in_order", Assignment, {"port_cell": "23-22", "first_port": 23}),
    ("assignment_ports_in_order", Assignment, {"port_cell": "22-65536", "last_port": 65536}),
    ("assignment_transport_known", Assignment, {"transport": "icmp"}),
    ("assignment_transport_known", Assignment, {"transport": "TCP"}),
    ("assignment_status_known", Assignment, {"transport": "udp", "status": "dynamic"}),
    ("assignment_status_known", Assignment, {"transport": "udp", "status": ""}),
    ("port_number_within_16_bits", Port, {"number": 65536}),
    *((f"port_{transport.value}_status_known", Port, {f"{transport.value}_status": "open"})
      for transport in Transport),
    ("snapshot_origin_known", Snapshot, {"origin": "invented"}),
    ("change_kind_known", RegistryChange, {"kind": "moved"}),
    ("change_kind_known", RegistryChange, {"kind": ""}),
    ("change_former_name_of_renamed", RegistryChange, {"kind": "renamed"}),
    ("change_former_name_of_renamed", RegistryChange, {"former_name": "ssh1"}),
    ("change_ports_in_order", RegistryChange, {"port_cell": "23-22", "first_port": 23}),
    ("change_ports_in_order", RegistryChange, {"port_cell": "22-65536", "last_port": 65536}),
    ("change_ports_in_order", RegistryChange, {"first_port": -1}),
    ("change_ports_in_order", RegistryChange, {"first_port": None}),
    ("change_ports_in_order", RegistryChange, {"last_port": None}),
    ("change_ports_in_order", RegistryChange, {"first_port": None, "last_port": None}),
    ("change_ports_in_order", RegistryChange, {"port_cell": ""}),
    ("refresh_run_one_running", RefreshRun, beside_another),
    ("refresh_run_state_known", RefreshRun, ended("done")),
    ("refresh_run_state_known", RefreshRun, ended("")),
    ("refresh_run_door_known", RefreshRun, {"door": "mail"}),
    ("refresh_run_door_known", RefreshRun, {"door": ""}),
    ("refresh_run_held_while_running", RefreshRun, {"state": "running"}),
    ("refresh_run_held_while_running", RefreshRun, {"lease_until": NOW}),
    ("refresh_run_held_while_running", RefreshRun,
     ended("unchanged", lease_until=NOW)),
    ("refresh_run_ends_once", RefreshRun, {"ended_at": NOW}),
    ("refresh_run_ends_once", RefreshRun, {**running(), "ended_at": NOW}),
    ("refresh_run_ends_once", RefreshRun, {"state": "unchanged"}),
    ("refresh_run_says_why_not", RefreshRun, ended("refused")),
    ("refresh_run_says_why_not", RefreshRun, ended("failed")),
    ("refresh_run_says_why_not", RefreshRun, ended("unchanged", reason="older")),
    ("refresh_run_says_why_not", RefreshRun, {"reason": "older"}),
    ("refresh_run_acceptance_has_a_reason_and_a_person", RefreshRun, {"acceptance": "x"}),
    ("refresh_run_acceptance_has_a_reason_and_a_person", RefreshRun,
     lambda: {"accepts": refused(), "acceptance": "x"}),
    ("refresh_run_acceptance_has_a_reason_and_a_person", RefreshRun,
     lambda: {"accepts": refused(), "asked_by": saved(user())}),
    ("refresh_run_applied_a_snapshot", RefreshRun, ended("applied")),
    ("user_preferred_language_known", User, {"preferred_language": "tlh"}),
    ("article_one_per_port", Article, {"title": "Another"}),
    ("article_one_per_port", Article, lambda: {"removed_at": NOW}),
    ("assessment_one_per_port", Assessment, {"level": "high"}),
    *(("assessment_level_known", Assessment, {"port_id": 80, "level": level})
      for level in ("", "LOW", "none")),
    *(("assessment_as_of_is_a_date", Assessment, {"port_id": 80, "as_of": date})
      for date in ("", "2004-13", "04", "2004-1", "2004-01-32", "1899")),
    *(("history_date_is_a_date", History, {"date": date})
      for date in ("", "2004-13", "2004-00", "2004-01-00", "20040126", "2100", "20x4")),
    ("claim_port_within_16_bits", Claim, {"claimed_port": 65536}),
    ("claim_transport_known", Claim, {"transport": "icmp"}),
    ("claim_transport_known", Claim, {"transport": ""}),
    ("claim_kind_known", Claim, {"kind": "contact"}),
    ("claim_kind_known", Claim, {"kind": ""}),
    ("claim_value_present", Claim, {"value": ""}),
    ("claim_status_known", Claim, {"kind": "status", "value": "open"}),
    ("claim_status_known", Claim, {"kind": "status", "value": "Assigned"}),
    ("source_of_one_document", Source, {"port_id": None}),
    ("source_of_one_document", Source, lambda: {"usage": usage(), "key": "b"}),
    ("source_of_one_document", Source, lambda: {"gloss": gloss(), "key": "b"}),
    ("source_of_one_document", Source,
     lambda: {"port_id": None, "usage": usage(), "gloss": gloss()}),
    ("source_key_present", Source, {"key": ""}),
    ("source_title_present", Source, {"key": "b", "title": ""}),
    *(("source_url_is_web_address", Source, {"key": "b", "url": url})
      for url in ("", "javascript:alert(1)", "ftp://example.com/", "//example.com/", "http:x",
                  " https://example.com/", "data:text/html,https://example.com/")),
    ("source_published_is_a_date", Source, {"key": "b", "published": "2004-13"}),
    ("source_published_is_a_date", Source, {"key": "b", "published": "May 2004"}),
    ("source_key_once_on_port", Source, {"title": "Another"}),
    ("source_key_once_on_usage", Source, lambda: keyed(usage=usage())),
    ("source_key_once_on_gloss", Source, lambda: keyed(gloss=gloss())),
    ("usage_name_present", Usage, {"name": ""}),
    ("usage_kind_known", Usage, {"kind": "official"}),
    ("usage_kind_known", Usage, {"kind": ""}),
    ("usage_ports_in_order", Usage, {"first_port": 3199}),
    ("usage_ports_in_order", Usage, {"last_port": 65536}),
    ("usage_transport_known", Usage, {"transport": "icmp"}),
    ("gloss_service_name_present", Gloss, {"service_name": ""}),
    ("gloss_one_per_service", Gloss, {"text": "Another"}),
    ("gloss_one_per_service", Gloss, {"service_name": "ANS-Console"}),
    ("document_is_about_one_thing", Document, {"port_id": None}),
    ("document_is_about_one_thing", Document, {"kind": "usage"}),
    ("document_is_about_one_thing", Document, {"kind": "page"}),
    ("document_is_about_one_thing", Document, lambda: {"gloss": gloss()}),
    ("document_is_about_one_thing", Document, lambda: {"kind": "gloss", "usage": usage()}),
    ("document_is_about_one_thing", Document,
     lambda: {"kind": "usage", "port_id": None, "gloss": gloss()}),
    ("document_live_ports_in_order", Document, {"live_last_port": 1}),
    ("document_live_ports_in_order", Document, {"live_first_port": 2, "live_last_port": 1}),
    ("document_live_ports_in_order", Document, {"live_first_port": 2, "live_last_port": 65536}),
    ("document_live_ports_in_order", Document, {"live_first_port": 2}),
    ("edition_one_per_language", Edition, {"version": 1}),
    ("edition_language_known", Edition, {"language": "tlh"}),
    ("edition_language_known", Edition, {"language": "EN"}),
    ("edition_language_known", Edition, {"language": ""}),
    ("edition_live_was_saved", Edition,
     lambda: {"language": "tr", "live_revision": saved(revision(number=2))}),
    ("edition_work_known", Edition, {"language": "tr", "work": ""}),
    ("edition_work_known", Edition, {"language": "tr", "work": "published"}),
    ("edition_work_known", Edition, {"language": "tr", "work": "Approved"}),
    ("edition_staleness_known", Edition, {"language": "tr", "staleness": "minor"}),
    ("edition_staleness_known", Edition, {"language": "tr", "staleness": "none"}),
    ("edition_schedule_has_a_time", Edition, {"language": "tr", "live_from": NOW}),
    ("edition_schedule_has_a_time", Edition, planned),
    ("edition_ends_after_it_begins", Edition, lambda: planned(live_from=NOW, live_until=NOW)),
    ("edition_ends_after_it_begins", Edition,
     lambda: planned(live_from=NOW, live_until=NOW - timedelta(seconds=1))),
    ("revision_number_once", Revision, {"digest": "1"}),
    ("revision_numbers_from_1", Revision, {"number": 0}),
    ("revision_structure_or_source", Revision, {"number": 2, "structure": None}),
    ("revision_structure_or_source", Revision,
     lambda: {"number": 3, "source_revision": saved(revision(number=2))}),
    ("revision_significance_known", Revision, {"number": 2, "significance": ""}),
    ("revision_significance_known", Revision, {"number": 2, "significance": "minor"}),
    ("revision_editor_is_named", Revision, {"number": 2, "origin": "editor"}),
    ("revision_editor_is_named", Revision, lambda: {"number": 2, "created_by": saved(user())}),
    ("revision_editor_is_named", Revision, {"number": 2, "origin": "other"}),
    ("publication_action_known", PublicationEvent, {"action": "reviewed"}),
    ("publication_action_known", PublicationEvent, {"action": ""}),
    ("work_event_action_known", WorkEvent, {"action": "published"}),
    ("work_event_action_known", WorkEvent, {"action": ""}),
    ("work_event_says_why", WorkEvent, {"action": "changes_requested"}),
    ("work_event_says_why", WorkEvent, {"action": "approved_without_review"}),
    ("work_event_source_of_still_correct", WorkEvent, {"action": "still_correct"}),
    *(("work_event_source_of_still_correct", WorkEvent,
       lambda action=action: {
           "action": action, "note": "x", "source_revision": saved(revision(number=2))})
      for action in WorkEvent.Action if action != "still_correct"),
    ("role_once", Role, {}),
    ("role_once", Role, lambda: held(language="")),
    ("role_kind_known", Role, {"kind": ""}),
    ("role_kind_known", Role, {"kind": "editor"}),
    ("role_kind_known", Role, {"kind": "Reviewer"}),
    ("role_language_known", Role, {"language": "tlh"}),
    ("role_language_known", Role, {"language": "EN"}),
    ("role_language_fits", Role, {"kind": "writer", "language": "tr"}),
    ("role_translator_translates", Role, {"kind": "translator", "language": "en"}),
    ("user_notices_known", User, {"notices": "often"}),
    ("work_item_once_per_cause", WorkItem, {"severity": 3}),
    ("work_item_kind_known", WorkItem, {"kind": ""}),
    ("work_item_kind_known", WorkItem, {"kind": "other"}),
    ("work_item_language_known", WorkItem, {"language": ""}),
    ("work_item_language_known", WorkItem, {"language": "tlh"}),
    ("work_item_severity_known", WorkItem, {"severity": 0}),
    ("work_item_severity_known", WorkItem, {"severity": 4}),
    ("work_item_outcome_known", WorkItem, {"outcome": "forgotten", "closed_at": NOW}),
    ("work_item_closed_with_an_outcome", WorkItem, {"outcome": "done"}),
    ("work_item_closed_with_an_outcome", WorkItem, {"closed_at": NOW}),
    ("work_item_closed_with_an_outcome", WorkItem, lambda: {"closed_by": saved(user())}),
    ("comment_says_something", Comment, {"text": ""}),
    ("comment_field_of_a_part", Comment, {"field": "title"}),
    ("comment_field_of_a_part", Comment, {"part": UUID(int=1)}),
    ("comment_settled_by_somebody", Comment, {"settled_at": NOW}),
    ("comment_settled_by_somebody", Comment, lambda: {"settled_by": saved(user())}),
    ("comment_thread_is_settled_as_one", Comment, settled),
    ("notice_kind_known", Notice, {"kind": ""}),
    ("notice_kind_known", Notice, {"kind": "advertisement"}),
    ("page_reads_once_a_day", PageReads, {"count": 2}),
    ("page_reads_at_least_one", PageReads, {"count": 0}),
    ("public_state_is_one_row", PublicState, {"pk": 2}),
    ("glossary_key_present", GlossaryTerm, {"key": ""}),
]  # fmt: skip


def keyed(**owner: object) -> dict[str, object]:
    """The fields of a source whose owner has one with the same key."""
    fields = {"port_id": None, **owner}
    GOOD[Source](**fields).save()
    return fields


# By their columns is how SQLite calls those that are broken by two rows.
UNIQUE_IN_SQLITE = {
    "assignment_key": "index 'assignment_key'",
    "refresh_run_one_running": "ports_refreshrun.state",
    "article_one_per_port": "ports_article.port_id",
    "assessment_one_per_port": "ports_assessment.port_id",
    "source_key_once_on_port": "ports_source.port_id, ports_source.key",
    "source_key_once_on_usage": "ports_source.usage_id, ports_source.key",
    "source_key_once_on_gloss": "ports_source.gloss_id, ports_source.key",
    "gloss_one_per_service": "index 'gloss_one_per_service'",
    "edition_one_per_language": "ports_edition.document_id, ports_edition.language",
    "revision_number_once": "ports_revision.edition_id, ports_revision.number",
    "role_once": "ports_role.user_id, ports_role.kind, ports_role.language",
    "work_item_once_per_cause": "ports_workitem.document_id, ports_workitem.language, "
    "ports_workitem.kind, ports_workitem.cause",
    "page_reads_once_a_day": "ports_pagereads.port_id, ports_pagereads.language, "
    "ports_pagereads.day",
}
# Of these a row must be there that the next one is too much beside.
TWICE = {
    "assignment_key": Assignment,
    "article_one_per_port": Article,
    "assessment_one_per_port": Assessment,
    "source_key_once_on_port": Source,
    "gloss_one_per_service": Gloss,
    "edition_one_per_language": Edition,
    "revision_number_once": Revision,
    "role_once": Role,
    "work_item_once_per_cause": WorkItem,
    "page_reads_once_a_day": PageReads,
}


def told(name: str) -> str:
    """How a database says that a rule is broken."""
    if connection.vendor == "sqlite" and name in UNIQUE_IN_SQLITE:
        return f"UNIQUE constraint failed: {re.escape(UNIQUE_IN_SQLITE[name])}"
    return rf"\b{name}\b"


def name_of(violation: object) -> str:
    name, _model, fields = getattr(violation, "values", violation)
    return f"{name}-{'made' if callable(fields) else fields}"


@pytest.mark.parametrize(("name", "model", "fields"), VIOLATIONS, ids=map(name_of, VIOLATIONS))
def test_a_row_that_breaks_the_rule_is_refused_by_its_name(
    name: str, model: type[models.Model], fields: dict[str, object] | Made
) -> None:
    if name in TWICE:
        GOOD[TWICE[name]]().save()
    row = GOOD[model](**(fields() if callable(fields) else fields))
    with pytest.raises(IntegrityError, match=told(name)), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize("model", GOOD)
def test_the_same_row_without_the_fault_is_taken(model: type[models.Model]) -> None:
    GOOD[model]().save(force_insert=True)


def test_rows_that_differ_in_one_part_of_the_key_are_different_records() -> None:
    assignment().save()
    assignment(service_name="SSH").save()
    assignment(port_cell="22-22").save()
    assignment(transport="").save()
    assignment(occurrence=1).save()
    assert Assignment.objects.count() == 5


def test_a_key_may_stand_on_several_documents_and_anew_after_it_was_withdrawn() -> None:
    source = GOOD[Source]
    source(removed_at=NOW).save()
    source(removed_at=NOW).save()
    source().save()
    source(port_id=80).save()
    source(port_id=None, usage=usage()).save()
    source(port_id=None, gloss=gloss()).save()
    assert Source.objects.filter(key="iana").count() == 6


def test_a_claim_that_is_not_about_a_status_may_have_any_value() -> None:
    for kind in ("service", "assignee", "registered"):
        GOOD[Claim](kind=kind, value="open").save()
    for status in Status:
        GOOD[Claim](kind="status", value=status).save()


@pytest.mark.parametrize("kind", ["port", "usage", "gloss"])
def test_a_document_is_about_a_port_a_usage_or_a_gloss(kind: str) -> None:
    about = (
        {"port_id": 3440} if kind == "port" else {kind: {"usage": usage, "gloss": gloss}[kind]()}
    )
    document(**{"kind": kind, "port_id": None} | about).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        document(**{"kind": kind, "port_id": None} | about).save()


def test_a_file_is_kept_once() -> None:
    file(sha256="0" * 64).save()
    with pytest.raises(IntegrityError, match="sha256"), transaction.atomic():
        file(sha256="0" * 64).save()


def test_a_run_may_accept_what_another_was_refused_with() -> None:
    run(accepts=refused(), acceptance="I looked", asked_by=saved(user())).save()


@pytest.mark.parametrize(
    "fields",
    [
        running,
        lambda: ended("applied", snapshot=saved(snapshot())),
        lambda: ended("unchanged"),
        lambda: ended("refused", reason="older", file=saved(file())),
        lambda: ended("failed", reason="error"),
    ],
)
def test_a_run_may_be_in_every_state(fields: Made) -> None:
    run(**fields()).save()


def test_a_change_may_be_of_a_renamed_service_or_of_one_without_a_port() -> None:
    change(kind="renamed", former_name="ssh1").save()
    change(port_cell="", first_port=None, last_port=None).save()


@pytest.mark.parametrize("work", Edition.Work)
@pytest.mark.parametrize("staleness", Edition.Staleness)
def test_an_edition_may_be_in_every_state(work: str, staleness: str) -> None:
    edition(work=work, staleness=staleness).save()


@pytest.mark.parametrize(
    "fields",
    [
        lambda: planned(live_from=NOW),
        lambda: planned(live_from=NOW, live_until=NOW + timedelta(seconds=1)),
        lambda: {"live_until": NOW},
    ],
)
def test_an_edition_may_be_planned_to_begin_and_to_end(fields: Made) -> None:
    edition(**fields()).save()


@pytest.mark.parametrize("significance", Revision.Significance)
def test_a_revision_may_matter_in_every_degree(significance: str) -> None:
    revision(significance=significance).save()


@pytest.mark.parametrize("action", WorkEvent.Action)
def test_whatever_is_done_to_a_revision_may_be_told(action: str) -> None:
    row = work_event(action=action, note="x")
    row.source_revision = row.revision if action == "still_correct" else None
    row.save()


@pytest.mark.parametrize("action", ["submitted", "approved"])
def test_what_explains_itself_needs_no_note(action: str) -> None:
    work_event(action=action).save()


@pytest.mark.parametrize("action", PublicationEvent.Action)
def test_whatever_happens_to_an_edition_may_be_told(action: str) -> None:
    event(action=action).save()


def test_somebody_may_have_every_role_in_a_language_and_in_all() -> None:
    for kind, languages in (
        ("writer", ("", "en")),
        ("translator", ("", "tr", "zh-hans")),
        ("reviewer", ("", "en", "tr")),
        ("publisher", ("", "en", "tr")),
    ):
        for code in languages:
            role(kind=kind, language=code).save()
    assert Role.objects.count() == 11


def test_what_runs_and_changes_stand_on_is_not_deleted_from_under_them() -> None:
    told = saved(change())
    kept = saved(file())
    told.snapshot.file = kept
    told.snapshot.save()
    for row in (told.snapshot, kept):
        with pytest.raises(models.ProtectedError):
            row.delete()
    was_refused = saved(run(**ended("refused", reason="older", file=saved(file()))))
    assert was_refused.file is not None
    was_refused.file.delete()
    was_refused.refresh_from_db()
    assert was_refused.file is None


def test_every_named_rule_of_all_models_is_broken_here() -> None:
    named = {
        constraint.name
        for model in apps.get_app_config("ports").get_models()
        for constraint in model._meta.constraints
    }
    assert named == {getattr(violation, "values", violation)[0] for violation in VIOLATIONS}


def test_a_good_row_of_every_model_is_known_here() -> None:
    assert set(GOOD) == set(apps.get_app_config("ports").get_models())
