"""Work items of a refresh, from the files of 2024-04-30 and 2026-07-23, written down by hand."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from ports import publishing
from ports.models import Article, Claim, Document, WorkItem
from ports.registry.refresh import refresh
from ports.work_items.registry_changes import open_for_snapshots
from tests.data import traps
from tests.data.samples import sample
from tests.data.traps import without_registry
from tests.ports.writing import (
    add,
    document,
    editor,
    gloss,
    language,
    publish,
    published_article,
    save,
    usage,
    write_text,
)

__all__ = ["without_registry"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_registry", "db")]


def touched_documents() -> dict[Document, set[str]]:
    """Documents that are touched, and by which changes; written by hand from the two files."""
    smtp = {"modified smtp 25/tcp", "modified smtp 25/udp"}
    by_number, _article = published_article(25)
    by_token, _article = published_article(40001, body="As {service 1980/tcp} is.")
    by_link, _article = published_article(40002, body="See [[44322]].")
    by_claim = document(40003)
    add(by_claim, Article, title_en="A title")
    add(by_claim, Claim, claimed_port=2, transport="tcp", kind="service", value="compressnet")
    publish(by_claim)
    of_former_name, _article = published_article(40004, body="{assignee 3679/udp newton-dock}")
    named = document(40005)
    add(named, Article, title_en="A title", body_en="Nothing.", title_tr="[[6610/udp]]")
    publish(named, "en", "tr")
    reserved, _article = published_article(40006, body="Is it {status 11434/udp}?")
    span, _usage = usage(
        name="A worm", kind="malware", first_port=9180, last_port=9200, description_en="Bad."
    )
    publish(span)
    explained, _gloss = gloss(service_name="ESCALE (newton dock)", text_en="Of Apple.")
    publish(explained)
    portless, _gloss = gloss(service_name="snif-cln", text_en="A client.")
    publish(portless)
    return {
        by_number: smtp,
        by_token: {"renamed panquest-xact 1980/tcp"},
        by_link: {
            "removed pmcdproxy 44322/tcp",
            "removed pmcdproxy 44322/udp",
            "added pmproxy 44322/tcp",
            "added pmproxy 44322/udp",
        },
        by_claim: {"removed compressnet 2/tcp"},
        of_former_name: {"renamed newton-dock 3679/udp"},
        named: {"added bencher 6610/udp"},
        reserved: {"added ollama 11434/tcp"},
        span: {"added sirius-agent 9183/tcp", "added sirius-agent 9183/udp"},
        explained: {"renamed newton-dock 3679/tcp", "renamed newton-dock 3679/udp"},
        portless: {"modified snif-cln /tcp"},
    }


def write_untouched_documents() -> None:
    for number, body in {
        26: "Next to SMTP. There are {count assigned system} like it.",
        6609: "Next to Bencher, in a piece of a span that was cut.",
        18250: "Between the ends of a change that is about 18259.",
        40010: "Of other protocols and names: {service 4194/udp}, {assignee 3679/tcp other}, "
        "[[4319/sctp]].",
        40011: "Written with other white space in 2026: {description 63/udp}",
        40012: "No token: `{service 25/tcp}`, 25/tcp.",
    }.items():
        published_article(number, body=body)
    draft = document(40013)
    add(draft, Article, title_en="A draft", body_en="[[25]]")
    save(draft)
    newer, article = published_article(40014, body="See nothing.")
    write_text(article, "body", "en", "See [[25]].")
    save(newer)
    unpublished, _article = published_article(40015, body="See [[25]].")
    publishing.unpublish(document=unpublished, language=language("en"), by=editor())
    neighbour, _usage = usage(
        name="No worm", kind="legacy", first_port=9184, last_port=9200, description_en="Good."
    )
    publish(neighbour)
    other, _gloss = gloss(service_name="ssh", text_en="Of [[7124]].")
    publish(other)


def test_the_documents_that_changed_are_those_that_were_written_down(tmp_path: Path) -> None:
    old, new = sample("2024-04-30"), sample("2026-07-23")
    refresh(traps.body(old.read_bytes(), tmp_path))
    touched = touched_documents()
    write_untouched_documents()
    assert open_for_snapshots() == 0, "the first state of the registry changes nothing"
    refresh(traps.body(new.read_bytes(), tmp_path))
    opened = open_for_snapshots()
    found = {item.document: item for item in WorkItem.objects.select_related("document")}
    assert set(found) == set(touched)
    assert opened == len(touched)
    for owner, changed in touched.items():
        item = found[owner]
        assert (item.kind, item.language, item.outcome) == ("registry_change", "en", "")
        told = {
            f"{change.kind} {change.service_name} {change.port_cell}/{change.transport}"
            for change in item.changes.all()
        }
        assert told == changed, owner
    denied = [owner for owner, item in found.items() if item.severity == 3]
    assert [owner.port_id for owner in denied] == [40003]
    assert open_for_snapshots() == 0
    assert WorkItem.objects.count() == len(touched)


def test_the_desk_has_the_items_as_soon_as_the_command_has_ended(tmp_path: Path) -> None:
    refresh_from = traps.body(traps.TEXT, tmp_path).path
    call_command("refresh_registry", "--from", str(refresh_from), stdout=StringIO())
    published_article(40000)
    rows = [traps.made("new", "40000", "udp"), *traps.ROWS]
    path = traps.body(traps.write_table(rows), tmp_path).path
    output = StringIO()
    call_command("refresh_registry", "--from", str(path), "--dry-run", stdout=output)
    assert not WorkItem.objects.exists()
    call_command("refresh_registry", "--from", str(path), stdout=output)
    assert output.getvalue().endswith("Work items opened for editors: 1.\n")
    assert WorkItem.objects.get().document.port_id == 40000
