"""What happened before there were work items: nobody is told of old changes of the registry, and
translations that are behind get an item each."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F
from django.utils import timezone

SEVERITIES = {"medium": 2, "major": 3}


def open_items(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("ports", "Snapshot").objects.filter(work_items_at=None).update(
        work_items_at=F("accepted_at")
    )
    work_items = apps.get_model("ports", "WorkItem").objects
    now = timezone.now()
    editions = apps.get_model("ports", "Edition").objects
    sources = dict(
        editions.filter(language="en", live_revision__isnull=False).values_list(
            "document_id", "live_revision__number"
        )
    )
    for edition in editions.filter(staleness__in=SEVERITIES).order_by("pk"):
        work_items.get_or_create(
            document_id=edition.document_id,
            language=edition.language,
            kind="stale_translation",
            cause=f"source revision {sources.get(edition.document_id, 0)}",
            defaults={"severity": SEVERITIES[edition.staleness], "opened_at": now},
        )


class Migration(migrations.Migration):

    dependencies = [
        ("ports", "0007_editors_desk"),
    ]

    operations = [
        migrations.RunPython(open_items, migrations.RunPython.noop),
    ]
