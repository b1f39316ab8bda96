"""The addresses of the downloads: the same bytes for ever, or a sentence on what is wrong."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from ports.dumps import places
from tests.ports.dumps import sets
from tests.ports.dumps.sets import NAME

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]

CONTENT = bytes(range(256)) * 40


@pytest.fixture
def made(folder: Path) -> Any:
    return sets.put(CONTENT)


def address(made: Any, name: str = NAME) -> str:
    return f"/dumps/{made['version']}/{name}"


def get(reader: Client, path: str, *, status: int = 200, method: str = "get", **more: str) -> Any:
    answer = getattr(reader, method)(path, headers=more)
    assert answer.status_code == status, path
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert not answer.cookies
    assert "Content-Encoding" not in answer.headers
    return answer


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def detail(answer: Any) -> str:
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    return str(answer.json()["detail"])


def test_a_file_is_given_whole_and_for_ever(reader: Client, made: Any) -> None:
    answer = get(reader, address(made))
    assert content(answer) == CONTENT
    assert answer.headers["Content-Type"] == "application/gzip"
    assert answer.headers["Content-Length"] == str(len(CONTENT))
    assert answer.headers["ETag"] == f'"{hashlib.sha256(CONTENT).hexdigest()}"'
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Language"] == "en"
    assert "Vary" not in answer.headers


def test_whoever_has_it_is_told_so(reader: Client, made: Any) -> None:
    etag = f'"{hashlib.sha256(CONTENT).hexdigest()}"'
    for method in ("get", "head"):
        for said in (etag, f'"other", {etag}', "*"):
            answer = get(reader, address(made), status=304, method=method, if_none_match=said)
            assert answer.headers["ETag"] == etag
            assert answer.content == b""
    assert content(get(reader, address(made), if_none_match='"other"')) == CONTENT


def test_head_gives_the_headers_alone(reader: Client, made: Any) -> None:
    answer = get(reader, address(made), method="head")
    assert answer.headers["Content-Length"] == str(len(CONTENT))
    assert content(answer) == b""


def test_a_part_of_it_is_got_only(reader: Client, made: Any) -> None:
    answer = get(reader, address(made), method="head", range="bytes=1-2")
    assert answer.headers["Content-Length"] == str(len(CONTENT))
    assert "Content-Range" not in answer.headers
    answer.close()
    get(reader, address(made), method="head", range=f"bytes={len(CONTENT)}-").close()


@pytest.mark.parametrize("licence", ["CC-BY-4.0", ""])
def test_caches_keep_texts_no_longer_than_pages(reader: Client, folder: Path, licence: str) -> None:
    path = address(sets.put(CONTENT, licence=licence))
    etag = f'"{hashlib.sha256(CONTENT).hexdigest()}"'
    for status, more in (
        (200, {}),
        (206, {"range": "bytes=1-"}),
        (304, {"if_none_match": etag}),
    ):
        answer = get(reader, path, status=status, **more)
        assert answer.headers["Cache-Control"] == "public, max-age=60, s-maxage=300"
        answer.close()


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("0-0", 0, 0), ("10-99", 10, 99), ("10239-", 10239, 10239), ("1-99999999", 1, 10239)],
)
def test_a_part_is_given_to_whoever_has_the_rest(
    reader: Client, made: Any, asked: str, first: int, last: int
) -> None:
    answer = get(reader, address(made), status=206, range=f"bytes={asked}")
    assert content(answer) == CONTENT[first : last + 1]
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(CONTENT)}"
    assert answer.headers["Content-Length"] == str(last - first + 1)
    assert answer.headers["Content-Type"] == "application/gzip"


@pytest.mark.parametrize(
    "asked",
    ["bytes=9-3", "bytes=-5", "bytes=0-1,5-6", "lines=1-2", "bytes=٠-١", "bytes=" + "9" * 16],
)
def test_a_range_that_is_not_understood_is_ignored(reader: Client, made: Any, asked: str) -> None:
    assert content(get(reader, address(made), range=asked)) == CONTENT


def test_a_range_behind_the_end_is_refused(reader: Client, made: Any) -> None:
    answer = get(reader, address(made), status=416, range=f"bytes={len(CONTENT)}-")
    assert answer.headers["Content-Range"] == f"bytes */{len(CONTENT)}"


def test_the_rest_of_another_file_is_not_mixed_in(reader: Client, made: Any) -> None:
    etag = f'"{hashlib.sha256(CONTENT).hexdigest()}"'
    get(reader, address(made), status=206, range="bytes=1-", if_range=etag).close()
    assert content(get(reader, address(made), range="bytes=1-", if_range='"other"')) == CONTENT


def test_names_alone_lead_to_the_newest(reader: Client, made: Any) -> None:
    assert get(reader, "/dumps/", status=302).headers["Location"] == "/dumps/manifest.json"
    said = get(reader, "/dumps/manifest.json")
    assert said.json() == made
    assert "max-age=60" in said.headers["Cache-Control"]
    for name in (NAME, "SHA256SUMS"):
        answer = get(reader, f"/dumps/{name}", status=302)
        assert answer.headers["Location"] == address(made, name)
        assert "immutable" not in answer.headers["Cache-Control"]
    sums = get(reader, address(made, "SHA256SUMS"))
    assert content(sums).decode() == f"{made['files'][0]['sha256']}  {NAME}\n"
    newer = sets.put(b"newer", made_at="2026-07-24")
    assert get(reader, "/dumps/manifest.json").json() == newer
    assert get(reader, f"/dumps/{NAME}", status=302).headers["Location"] == address(newer)
    assert content(get(reader, address(made))) == CONTENT


@pytest.mark.parametrize("path", ["manifest.json", NAME, f"{'0' * 16}/{NAME}"])
def test_before_the_first_the_answer_says_so(reader: Client, folder: Path, path: str) -> None:
    said = detail(get(reader, f"/dumps/{path}", status=404))
    assert ("No downloads have been made yet" in said) == ("/" not in path)


@pytest.mark.parametrize(
    "path",
    [
        "nothing.gz",
        ".lock",
        "%2e%2e",
        "%00",
        "%ff",
        "x" * 5000,
        "{version}/manifest.json",
        "{version}/nothing.gz",
        "{version}/%00",
        "{version}/..",
        "0000000000000000/registry.csv.gz",
        "../registry.csv.gz",
        "%2e%2e/secret_key",
        ".making-x/registry.csv.gz",
        "\u0660" * 16 + "/registry.csv.gz",
    ],
)
def test_there_is_nothing_but_what_the_manifests_name(
    reader: Client, made: Any, folder: Path, path: str
) -> None:
    (folder.parent / "secret_key").write_text("secret")
    (folder / ".making-x").mkdir()
    (folder / ".making-x" / NAME).write_text("half")
    answer = get(reader, f"/dumps/{path.format(version=made['version'])}", status=404)
    assert "/dumps/manifest.json" in detail(answer)


@pytest.mark.parametrize(
    "path", ["a/b/c", "{version}/..%2f..%2fsecret_key", "..%2f..%2fsecret_key", "{version}/../x"]
)
def test_nothing_lies_deeper(reader: Client, made: Any, folder: Path, path: str) -> None:
    (folder.parent / "secret_key").write_text("secret")
    answer = reader.get(f"/dumps/{path.format(version=made['version'])}")
    assert answer.status_code == 404
    assert b"secret" not in answer.content.replace(b"secret_key", b"")


def test_a_file_that_is_gone_is_not_found(reader: Client, made: Any) -> None:
    places.path_of(made, NAME).unlink()
    detail(get(reader, address(made), status=404))


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_they_are_only_read(made: Any, method: str) -> None:
    reader = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
    for path in ("/dumps/", "/dumps/manifest.json", f"/dumps/{NAME}", address(made)):
        assert getattr(reader, method)(path).status_code == 405
