"""Every reason has a sentence, whose figures are just those that whoever raises it gives."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings

from ports.models import RefreshRun, RegistryFile, User
from ports.registry import runs
from ports.registry.fetch import fetch
from ports.registry.reasons import FIGURE_REASONS, Reason, RefreshError, sentence
from ports.registry.refresh import Dates, Origin, Outcome
from tests.data import traps
from tests.ports.registry.http_server import Serve, dripping, raw, redirecting, sending
from tests.ports.registry.test_refresh import REFUSED
from tests.ports.registry.test_runs import FEWER, expire, refused, taken_up, waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("traps_loaded", "db")]

type Raise = Callable[[], object]


class Asked(dict[str, object]):
    """Figures that hold whatever is asked of them, and know what was."""

    def __missing__(self, name: str) -> str:
        self[name] = ""
        return ""


def raised(cause: Raise) -> RefreshError:
    with pytest.raises(RefreshError) as caught:
        cause()
    return caught.value


def test_every_reason_has_a_sentence_without_a_full_stop() -> None:
    for reason in Reason:
        told = sentence(reason, Asked())
        assert told
        assert not told.endswith(".")


def test_a_reason_fits_into_the_row_of_a_run() -> None:
    longest = RefreshRun._meta.get_field("reason").max_length  # type: ignore[union-attr]
    assert longest is not None
    assert max(map(len, Reason)) <= longest


def test_a_reason_that_is_not_known_has_no_sentence() -> None:
    with pytest.raises(ValueError, match="is not a valid Reason"):
        sentence("weather", {})


def test_every_refusal_that_is_raised_gives_just_the_figures_of_its_sentence(
    serve: Serve, settings: LazySettings, load: Callable[..., Outcome], tmp_path: Path
) -> None:
    settings.REGISTRY_PRIVATE_HOSTS = ["127.0.0.1"]
    settings.REGISTRY_DOWNLOAD_SECONDS = 0.5

    def get(address: str) -> RefreshError:
        def open_it() -> None:
            with fetch(address):
                pass

        return raised(open_it)

    length = {"content_length": "10"}
    errors = [
        get("/nowhere/registry.csv"),
        get("http://127.0.0.1:9/"),
        get(serve(dripping(b"HTTP/1.0 200 OK\r\nContent-Length: 99\r\n\r\n", b"x", every=0.1))),
        get(serve(sending(b"", status=503))),
        get(serve(sending(b"short", **length))),
        get(serve(raw(b"HTTP/1.0 200 OK\r\n\r\nSome text"))),
        get(serve(sending(b"x", content_encoding="br"))),
        get(serve(redirecting("http://192.0.2.1/"))),
        *(
            raised(lambda content=content: load(content))  # type: ignore[misc]
            for content, _told in REFUSED.values()
        ),
        raised(lambda: load(traps.TEXT + " ", origin=Origin.COMPILED, dates=Dates("", ""))),
    ]
    settings.REGISTRY_PRIVATE_HOSTS = []
    settings.REGISTRY_URL = serve(sending(b"x"))
    errors.append(get(settings.REGISTRY_URL))
    settings.REGISTRY_DOWNLOAD_BYTES = 10
    errors.append(get(str(traps.TRAPS)))
    settings.REGISTRY_DOWNLOAD_BYTES = 1_000_000
    path = tmp_path / "fewer.csv"
    path.write_bytes(FEWER.encode())
    for damage in ({"file": None}, {}):
        run = refused(str(path))
        editor = User.objects.create(username=f"editor-{run.pk}")
        runs.accept(run, by=editor, why="I looked")
        if damage:
            RefreshRun.objects.filter(pk=run.pk).update(**damage)
        else:
            RegistryFile.objects.filter(pk=run.file_id).update(content=b"damaged")
        errors.append(raised(lambda: runs.carry_out(taken_up())))
    run = waiting()
    while given := runs.take_up(run.due_at):
        expire(given)
    run.refresh_from_db()
    told = {(error.reason, *sorted(error.figures)): str(error) for error in errors}
    told[(Reason(run.reason), *run.figures)] = sentence(run.reason, run.figures)
    for reason, *given_figures in told:
        asked = Asked()
        sentence(reason, asked)
        assert sorted(asked) == given_figures, reason
    assert {reason for reason, *_figures in told} == set(Reason)
    assert not any("%(" in text for text in told.values())


def test_the_reasons_that_a_person_may_judge_otherwise_are_those_of_figures() -> None:
    assert {
        Reason.TOO_MANY_REJECTED,
        Reason.SENTINEL,
        Reason.NAMES_GONE,
        Reason.END_GONE,
        Reason.MANY_MODIFIED,
        Reason.MANY_ADDED,
        Reason.OLDER,
    } == FIGURE_REASONS
