"""The front page."""

import pytest
from django.test import Client

from ports.models import Snapshot
from ports.registry.statistics import BLOCK_SIZE
from tests.ports.web.pages import get, source, text

pytestmark = pytest.mark.django_db


def test_the_figures_are_those_of_the_registry_in_force(reader: Client) -> None:
    figures = Snapshot.objects.current().statistics  # type: ignore[union-attr]
    words = text(get(reader, "/en/"))
    assert f"{figures['named_ports']['user']:,}" in words
    assert str(figures["named_ports"]["system"]) in words
    assert sum(figures["blocks"]) == sum(figures["named_ports"].values())


def test_the_front_page_costs_three_queries(
    reader: Client, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(3):  # type: ignore[operator]
        get(reader, "/en/")


def test_every_cell_of_the_map_leads_to_its_ports(reader: Client) -> None:
    page = source(get(reader, "/en/"))
    assert page.count('class="level-') == 65536 // BLOCK_SIZE
    assert 'href="/en/ports/?page=256"' in page
    ports = text(get(reader, "/en/ports/?page=2"))
    assert "256" in ports
    assert "511" in ports


def test_before_a_registry_is_loaded_the_page_says_so(reader: Client, empty_registry: None) -> None:
    assert "has not been loaded yet" in text(get(reader, "/en/"))
    assert get(reader, "/en/ports/3440/").status_code == 200
