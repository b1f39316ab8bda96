"""The votes cast before there were tallies are counted too, and told which text they are about."""

from typing import Any

from django.db import migrations
from django.db.models import Exists, OuterRef


def count_them(apps: Any, schema_editor: Any) -> None:
    using = schema_editor.connection.alias
    votes = apps.get_model("feedback", "Vote").objects.using(using)
    editions = apps.get_model("ports", "Edition").objects.using(using)
    translated = editions.filter(
        document__port=OuterRef("port"),
        language=OuterRef("language"),
        live_revision__isnull=False,
    )
    on_text = votes.filter(revision_number__gt=0, text_language="")
    for pk, language in list(on_text.filter(Exists(translated)).values_list("pk", "language")):
        votes.filter(pk=pk).update(text_language=language)
    on_text.update(text_language="en")
    deltas = apps.get_model("feedback", "VoteDelta")
    names = ("port_id", "language", "text_language", "revision_number", "face")
    deltas.objects.using(using).bulk_create(
        [
            deltas(**dict(zip(names, row, strict=True)), day=day, difference=1)
            for *row, day in votes.values_list(*names, "cast_on")
        ],
        batch_size=1000,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0002_the_readers_voice"),
        ("ports", "0008_work_items_of_before"),
    ]

    operations = [migrations.RunPython(count_them, migrations.RunPython.noop)]
