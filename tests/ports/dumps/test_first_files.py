"""Downloads can be made before there is anything to download."""

from pathlib import Path

import pytest

from ports.dumps.making import DUMPS, write_all
from ports.registry.records import COLUMNS
from tests.ports.dumps import sets


@pytest.mark.django_db
@pytest.mark.usefixtures("empty_registry")
def test_before_the_first_registry_there_are_ports_and_nothing_else(tmp_path: Path) -> None:
    files = write_all(tmp_path, lambda _name: None)
    assert {each["name"]: each["records"] for each in files} == {
        **{each.name: 0 for each in DUMPS},
        "ports.jsonl.gz": 65536,
    }
    assert sets.unpacked(tmp_path / "registry.csv.gz").decode() == ",".join(COLUMNS) + "\r\n"
    assert files[-1]["languages"] == []
