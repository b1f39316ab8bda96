"""Fixtures for every test: a database with the bundled registry in it, and the services around."""

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client
from hypothesis import settings

from ports.models import Assignment, Port, Snapshot
from ports.registry.bundled import load_bundled
from ports.registry.records import FIRST_DYNAMIC_PORT, Status, Transport
from tests import machine

# How long an example takes depends on what else the machine does.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL leave out what was already tested beside SQLite and has no database in it."""
    if connection.vendor == "postgresql":
        kept = [item for item in items if "any_database" not in item.keywords]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """Load the bundled registry into the test database, once."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        load_bundled()


@pytest.fixture
def empty_registry(db: None) -> None:
    """A database as `migrate` leaves it: every port, and no registry loaded."""
    Assignment.objects.all()._raw_delete("default")
    Snapshot.objects.all().delete()
    for ports, status in (
        (Port.objects.filter(number__lt=FIRST_DYNAMIC_PORT), Status.UNASSIGNED),
        (Port.objects.filter(number__gte=FIRST_DYNAMIC_PORT), Status.DYNAMIC),
    ):
        fields = [f"{transport.value}_status" for transport in Transport]
        differs = Q()
        for field in fields:
            differs |= ~Q(**{field: status})
        ports.filter(differs).update(**dict.fromkeys(fields, status))


@pytest.fixture
def reader(db: None) -> Client:
    """A reader's client, without cookies."""
    return Client(headers={"host": "localhost"})


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium."""
    return machine.require("chromium")


@pytest.fixture(scope="session")
def redis_url() -> str:
    """The address of a Redis server."""
    return machine.require("redis")


@pytest.fixture(scope="session")
def rabbitmq_url() -> str:
    """The address of a RabbitMQ server."""
    return machine.require("rabbitmq")
