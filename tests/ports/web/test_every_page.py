"""Every assigned port has a page without an error, and so has any other, in any language."""

import random

import pytest
from django.db import connection
from django.test import Client

from ports.languages import LANGUAGES
from ports.models import Assignment

pytestmark = pytest.mark.django_db

OTHERS = 2000


def assert_pages(reader: Client, paths: list[str]) -> None:
    failed = []
    if connection.vendor == "postgresql":
        # All were just rendered beside SQLite; what another database changes shows in a tenth.
        paths = paths[::10]
    assert len(paths) >= 200
    for path in paths:
        response = reader.get(path)
        if response.status_code != 200 or b"</html>" not in response.content:
            failed.append((path, response.status_code))
    assert failed == []


@pytest.fixture(scope="module")
def chosen() -> random.Random:
    return random.Random(6335)  # noqa: S311 - the same ports at every run


def assigned() -> list[int]:
    return sorted(
        {
            number
            for assignment in Assignment.objects.named().exclude(first_port=None)
            for number in assignment.record.ports
        }
    )


@pytest.mark.parametrize("half", [0, 1])
def test_every_assigned_port_has_a_page(reader: Client, half: int) -> None:
    numbers = assigned()
    assert len(numbers) > 6300
    assert_pages(reader, [f"/en/ports/{number}/" for number in numbers[half::2]])


def test_2000_other_ports_have_a_page(reader: Client, chosen: random.Random) -> None:
    others = sorted(set(range(65536)) - set(assigned()))
    assert_pages(reader, [f"/en/ports/{number}/" for number in chosen.sample(others, OTHERS)])


def test_2000_ports_across_the_other_languages_have_a_page(
    reader: Client, chosen: random.Random
) -> None:
    codes = [language.code for language in LANGUAGES if language.code != "en"]
    assert_pages(
        reader,
        [
            f"/{codes[index % len(codes)]}/ports/{chosen.randrange(65536)}/"
            for index in range(OTHERS)
        ],
    )
