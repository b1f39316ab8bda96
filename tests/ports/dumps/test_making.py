"""The downloads are made by command, from one moment of the database, while others write to it."""

import fcntl
import json
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.data import traps
from tests.ports.dumps.sites import DATABASES, Site, site_on
from tests.refresh_kills import manage, shell

pytestmark = pytest.mark.any_database


@pytest.fixture(scope="module", params=DATABASES)
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """For all tests of a module, a site with the registry of the traps file and its downloads."""
    with site_on(request.param, tmp_path_factory.mktemp(request.param), traps.TRAPS) as made:
        done = made.make()
        assert done.returncode == 0, done.stderr
        yield made


def test_the_command_says_what_it_does_and_does_nothing_twice(site: Site) -> None:
    before = site.state()
    again = site.make()
    assert again.returncode == 0
    assert again.stdout.startswith("Nothing has changed since the downloads were made")
    assert site.state() == before
    forced = site.make("--force")
    assert "registry.csv.gz ..." in forced.stdout
    assert "Made 7 downloads" in forced.stdout
    after = site.state()
    assert before.keys() == after.keys()
    assert {name for name in before if before[name] != after[name]} <= {
        "manifest.json", f"{site.manifest()['version']}/manifest.json",
    }  # fmt: skip
    (site.folder / site.manifest()["version"] / "ports.jsonl.gz").unlink()
    mended = site.make()
    assert "Made 7 downloads" in mended.stdout
    assert site.state().keys() == before.keys()


def test_a_publication_or_a_refresh_makes_other_downloads(site: Site, tmp_path: Path) -> None:
    before = site.manifest()
    text = traps.TEXT.replace("Net Steward Mgmt Console", "Another description")
    manage(site.env, "refresh_registry", "--from", str(traps.body(text, tmp_path).path))
    assert site.make().returncode == 0
    after = site.manifest()
    assert after["version"] != before["version"]
    assert after["last_change"] > (before["last_change"] or 0)
    assert b"Another description" in site.read("assignments.jsonl.gz")
    assert sorted(path.name for path in site.folder.iterdir()) == sorted(
        [".lock", "manifest.json", before["version"], after["version"]]
    )


# While the second file is made, somebody else changes what the first and all later ones say.
_WRITE_MEANWHILE = """
from threading import Thread
from django.db import connection
from ports.dumps import making
from ports.models import Assignment, Document

def write():
    Assignment.objects.filter(service_name="ans-console").update(description="Written meanwhile")
    Document.objects.filter(has_live_article=True).update(has_live_article=False)
    connection.close()

def progress(name):
    if name == "assignments.jsonl.gz":
        writer = Thread(target=write)
        writer.start()
        writer.join(10)
        print("waits" if writer.is_alive() else "written")

making.make(force=True, progress=progress)
stored = Assignment.objects.filter(description="Written meanwhile").count()
print("stored", stored, Document.objects.filter(has_live_article=True).count())
"""


def test_all_is_of_one_moment_and_nobody_waits_for_it(site: Site) -> None:
    said = manage(site.env, "shell", "--verbosity", "0", "-c", _WRITE_MEANWHILE).splitlines()
    assert said == ["written", "stored 2 0"]
    for name in ("assignments.jsonl.gz", "registry.sqlite.gz", "registry.csv.gz"):
        assert b"Written meanwhile" not in site.read(name), name
    ports = [json.loads(line) for line in site.read("ports.jsonl.gz").splitlines()]
    assert [each["number"] for each in ports if each["has_article"]] == [3144, 3410, 3411, 3440]
    assert site.make("--force").returncode == 0
    assert site.read("registry.csv.gz").count(b"Written meanwhile") == 2
    assert b'"has_article":true' not in site.read("ports.jsonl.gz")


def test_a_second_maker_leaves_and_says_so(site: Site) -> None:
    before = site.state()
    with (site.folder / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = site.make("--force")
    assert second.returncode == 1
    assert "being made by another process" in second.stderr
    assert site.state() == before


_WITHDRAW = """
from ports import publishing, tasks
from ports.languages import SOURCE
from ports.models import Document
from tests.ports.writing import editor
document = Document.objects.get(port=3410, kind="port")
publishing.unpublish(document=document, language=SOURCE, by=editor())
tasks.remake_dumps()
print("did", tasks.remake_dumps.__name__)
"""


def test_what_is_withdrawn_is_gone_at_once_and_from_the_version_of_before(site: Site) -> None:
    before = site.manifest()
    assert b'"kind":"port","port":3410,' in site.read("articles.jsonl.gz")
    assert shell(site.env, _WITHDRAW) == "remake_dumps"
    after = site.manifest()
    assert after["last_publication"] > before["last_publication"]
    assert b'"kind":"port","port":3410,' not in site.read("articles.jsonl.gz")
    assert b'"kind":"port","port":3411,' in site.read("articles.jsonl.gz")
    assert {path.name for path in site.folder.iterdir() if path.is_dir()} == {after["version"]}


@pytest.mark.parametrize("most", [40_000, 1_000_000])
def test_a_full_disk_leaves_the_downloads_of_before(site: Site, most: int) -> None:
    before = site.state()
    # No file may grow beyond this: the first download fails, or the first database.
    full = site.make(
        "--force",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
    )
    assert full.returncode == 1
    assert "cannot be written to" in full.stderr
    assert "Those of before are as they were." in full.stderr
    assert "Traceback" not in full.stderr
    assert site.state() == before


def test_the_nightly_task_makes_them_and_leaves_them_to_another(site: Site) -> None:
    script = "from ports.tasks import make_dumps; make_dumps(); print('did', make_dumps.name)"
    (site.folder / "manifest.json").unlink()
    assert shell(site.env, script) == "ports.tasks.make_dumps"
    before = site.state()
    assert site.manifest()["files"]
    with (site.folder / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert shell(site.env, script) == "ports.tasks.make_dumps"
    assert site.state() == before
