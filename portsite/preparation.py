"""What must be in place before the site runs on one machine: database, registry, texts, files."""

import hashlib
import shutil
from collections.abc import Callable

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from ports.bundled_articles import Fate, load_articles
from ports.glossary import load_glossary
from ports.registry.bundled import load_bundled
from portsite import catalogues

Progress = Callable[[str], None]


def prepare(progress: Progress) -> None:
    """Do every step that is not done yet; `progress` is told each one before it begins.

    Safe to run at every start.
    """
    progress("Preparing the database")
    call_command("migrate", verbosity=0, interactive=False)
    load_bundled(progress=lambda step: progress(f"Loading the bundled registry: {step.label}"))
    progress("Loading the bundled articles")
    for loaded in load_articles():
        if loaded.fate == Fate.NOT_PUBLISHED:
            progress(f"Not published: {loaded.path.name}: {loaded.reason}")
    progress("Loading the glossary")
    load_glossary()
    if compiled := catalogues.compile_stale():
        progress(f"Compiled the catalogues: {', '.join(language.code for language in compiled)}")
    _collect_static_files(progress)
    _empty_queue()


def _collect_static_files(progress: Progress) -> None:
    """Collect and compress the static files, when any has changed since the last time."""
    digest = hashlib.sha256(django.__version__.encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            modified = storage.get_modified_time(path).timestamp()
            digest.update(f"{path} {storage.size(path)} {modified}\n".encode())
    stamp = settings.STATIC_ROOT / "collected"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    progress("Collecting the static files")
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(digest.hexdigest())


def _empty_queue() -> None:
    """Forget messages of an earlier run: what they asked for stands in the database, if it must."""
    if settings.CELERY_BROKER_URL == "filesystem://":
        messages = settings.QUEUE_DIR / "messages"
        shutil.rmtree(messages, ignore_errors=True)
        messages.mkdir(parents=True, exist_ok=True)  # a process that starts now makes it too
