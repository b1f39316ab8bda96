"""Roles for those who had the permissions before, and approvals for what they published."""

from typing import Any

from django.db import migrations
from django.db.models import F, Q

_ROLES = {
    "write_document": ("writer", "translator"),
    "publish_document": ("publisher",),
}
_NOTE = "Published before reviews were kept here."


def give_roles(apps: Any, schema_editor: Any) -> None:
    """Permissions become roles for all languages, and go."""
    user_model = apps.get_model("ports", "User")
    role = apps.get_model("ports", "Role")
    permission = apps.get_model("auth", "Permission")
    using = schema_editor.connection.alias
    for codename, kinds in _ROLES.items():
        has_it = Q(content_type__app_label="ports", codename=codename)
        permissions = permission.objects.using(using).filter(has_it)
        users = user_model.objects.using(using).filter(
            Q(user_permissions__in=permissions) | Q(groups__permissions__in=permissions)
        )
        for user in users.distinct():
            for kind in kinds:
                role.objects.using(using).get_or_create(user=user, kind=kind, language="")
        permissions.delete()


def approve_what_was_published(apps: Any, schema_editor: Any) -> None:
    """What editors published without reviews can be shown again, and counts as not reviewed."""
    event_model = apps.get_model("ports", "PublicationEvent")
    work_event = apps.get_model("ports", "WorkEvent")
    edition = apps.get_model("ports", "Edition")
    using = schema_editor.connection.alias
    published = event_model.objects.using(using).filter(
        action="published", by__isnull=False, revision__origin="editor"
    )
    known = set()
    for event in published.order_by("id"):
        if event.revision_id not in known:
            known.add(event.revision_id)
            work_event.objects.using(using).create(
                edition_id=event.edition_id,
                revision_id=event.revision_id,
                action="approved_without_review",
                by_id=event.by_id,
                at=event.at,
                note=_NOTE,
            )
    edition.objects.using(using).filter(live_revision=F("latest_revision")).update(work="approved")


class Migration(migrations.Migration):
    """Data only: PostgreSQL alters no table in the transaction that has changed its rows."""

    dependencies = [
        ("ports", "0004_reviews_and_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.RunPython(give_roles, migrations.RunPython.noop),
        migrations.RunPython(approve_what_was_published, migrations.RunPython.noop),
    ]
