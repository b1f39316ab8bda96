"""All 65,536 ports exist from the start, and a missing one comes back."""

import pytest
from django.apps import apps
from django.apps.registry import Apps
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ports.models import Port
from ports.port_rows import fill_ports
from ports.registry.records import Status
from tests.data import traps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("traps_loaded", "db")]


def test_there_is_a_row_for_every_port_number() -> None:
    assert traps.tables()["Port"].keys() == set(range(65536))


def test_missing_rows_come_back_without_records_and_the_others_stay_as_they_are() -> None:
    before = traps.tables()["Port"]
    gone = [0, 22, 49151, 49152, 65535]
    Port.objects.filter(number__in=gone).delete()
    fill_ports(using="default", apps=apps)
    after = traps.tables()["Port"]
    assert {number: row for number, row in after.items() if number not in gone} == {
        number: row for number, row in before.items() if number not in gone
    }
    assert [set(after[number][1:]) for number in gone] == [
        {Status.UNASSIGNED},
        {Status.UNASSIGNED},
        {Status.UNASSIGNED},
        {Status.DYNAMIC},
        {Status.DYNAMIC},
    ]


def test_migrating_brings_a_missing_row_back() -> None:
    Port.objects.filter(number=22).delete()
    call_command("migrate", verbosity=0)
    assert Port.objects.filter(number=22).exists()


def test_a_complete_table_costs_a_count_and_no_write() -> None:
    with CaptureQueriesContext(connection) as queries:
        fill_ports(using="default", apps=apps)
    assert [query["sql"].split()[0] for query in queries] == ["SELECT", "SELECT"]


def test_nothing_is_asked_of_a_database_before_the_table_is_there() -> None:
    fill_ports(using="default", apps=Apps())
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ports_port RENAME TO elsewhere")
    fill_ports(using="default", apps=apps)
