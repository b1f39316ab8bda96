"""The 65,536 port rows, which exist from the start."""

from django.apps import apps
from django.apps.registry import Apps
from django.db import connections

from ports.registry.records import LAST_PORT, Transport
from ports.registry.status import default_status


def fill_ports(using: str = "default", apps: Apps = apps, **_kwargs: object) -> None:
    """Add the port rows that are missing, with the status of a port without records.

    Runs after each `migrate`; a table that is complete costs one count.
    """
    try:
        model = apps.get_model("ports", "Port")
    except LookupError:  # migrated back to before the table
        return
    ports = model._default_manager.using(using)
    if model._meta.db_table not in connections[using].introspection.table_names():
        return
    if ports.count() == LAST_PORT + 1:
        return
    present = set(ports.values_list("pk", flat=True))
    ports.bulk_create(
        (
            model(
                number=number,
                **{f"{transport.value}_status": default_status(number) for transport in Transport},
            )
            for number in range(LAST_PORT + 1)
            if number not in present
        ),
        batch_size=5000,
    )
