"""Many ports looked up together, from a list or from what a tool printed."""

import json
import logging
import time
from typing import Any

import jsonschema_rs
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ports.bundled_articles import load_articles
from ports.models import Assessment, Usage
from tests.ports.api import answers
from tests.ports.api.answers import get, texts
from tests.ports.api.test_description import strict
from tests.ports.test_pasted import FOLDER
from tests.ports.writing import (
    add,
    document,
    publish,
    published_article,
    save,
    usage,
    write,
    write_text,
)

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/lookup/"


def post(reader: Client, said: Any, *, status: int = 200, query: str = "", **headers: str) -> Any:
    """The answer to a body: JSON, or a text."""
    kind = "text/plain" if isinstance(said, str | bytes) else "application/json"
    answer = reader.post(f"{ADDRESS}{query}", said, content_type=kind, headers=headers)
    assert answer.status_code == status, answer.content[:500]
    assert not answer.cookies
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers
    return answer


def results(reader: Client, said: Any, **more: Any) -> list[Any]:
    return list(post(reader, said, **more).json()["results"])


def wrong(reader: Client, said: Any, *, status: int = 400) -> list[str]:
    """The pointers to what is wrong with a body."""
    answer = post(reader, said, status=status)
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["detail"]
    return [each["pointer"] for each in problem["errors"]]


def test_each_port_of_a_list_is_explained_as_its_own_address_does(reader: Client) -> None:
    load_articles()
    numbers = [0, 22, 80, 1027, 3127, 3440, 6010, 11434, 49152, 65535]
    found = results(reader, {"ports": [{"port": number} for number in numbers]}, query="?lang=tr")
    assert [each["port"] for each in found] == numbers
    for each in found:
        own = answers.body(reader, f"ports/{each['port']}/?lang=tr")
        assert {name: each[name] for name in ("range", "status", "answer", "page")} == {
            name: own[name] for name in ("range", "status", "answer", "page")
        }
        assert each["has_article"] == (own["article"] is not None)
        assert each["assessment_level"] == (own["assessment"] or {"level": None})["level"]
        assert each["usages"] == [
            {name: shown[name] for name in each["usages"][0]} for shown in own["usages"]
        ]
        names = [one["service_name"] for one in own["assignments"] if one["status"] == "assigned"]
        assert {one["name"] for one in each["services"]} == set(names)
        assert each["details"].endswith(f"/api/v1/ports/{each['port']}/")


def test_a_protocol_leaves_out_what_is_on_others(reader: Client) -> None:
    owner, _row = usage(
        name="Worm", kind=Usage.Kind.MALWARE, first_port=11430, last_port=11440, transport="udp",
        description_en="It spreads.",
    )  # fmt: skip
    publish(owner)
    tcp, udp, both = results(
        reader,
        {
            "ports": [
                {"port": 11434, "protocol": "tcp"},
                {"port": 11434, "protocol": "udp"},
                {"port": 11434, "protocol": None},
            ]
        },
    )
    assert [[one["name"] for one in each["services"]] for each in (tcp, udp, both)] == [
        ["ollama"], [], ["ollama"],
    ]  # fmt: skip
    assert [[one["name"] for one in each["usages"]] for each in (tcp, udp, both)] == [
        [], ["Worm"], ["Worm"],
    ]  # fmt: skip
    assert udp["status"]["udp"] == "reserved"


def test_the_same_port_twice_is_one_result_with_two_places(reader: Client) -> None:
    ports = [{"port": 22}, {"port": 22, "protocol": "tcp"}, {"port": 22.0}]
    found = results(reader, {"ports": ports})
    assert [(each["port"], each["protocol"]) for each in found] == [(22, None), (22, "tcp")]
    assert [[place["index"] for place in each["places"]] for each in found] == [[0, 2], [1]]


def test_a_line_that_says_the_same_twice_is_one_place(reader: Client) -> None:
    (found,) = results(reader, "22/tcp 22/tcp\n22/tcp\n")
    assert [place["line"] for place in found["places"]] == [1, 2]


def test_a_text_is_read_as_it_is_or_in_json(reader: Client) -> None:
    text = (FOLDER / "lsof-names.txt").read_text(encoding="utf-8")
    answer = post(reader, text).json()
    assert answer == post(reader, {"text": text}).json()
    assert {(each["port"], each["protocol"]) for each in answer["results"]} == {
        (53, "udp"), (22, "tcp"), (51234, "tcp"), (443, "tcp"),
    }  # fmt: skip
    ssh = next(each for each in answer["results"] if each["port"] == 22)
    assert ssh["places"] == [
        {
            "index": None,
            "line": 3,
            "side": "local",
            "is_listening": True,
            "is_likely_service": True,
            "program": "sshd",
        }
    ]
    unknown = text.split("\n")[4]
    assert answer["not_understood"] == [{"line": 5, "text": unknown}]


def test_a_name_counts_on_the_protocol_that_it_is_registered_for(reader: Client) -> None:
    answer = post(reader, "ollama/tcp\nollama/udp\nOLLAMA/tcp\n").json()
    assert [(each["port"], each["protocol"]) for each in answer["results"]] == [(11434, "tcp")]
    assert [place["line"] for place in answer["results"][0]["places"]] == [1, 3]
    assert answer["not_understood"] == [{"line": 2, "text": "ollama/udp"}]


@pytest.mark.parametrize(
    "encoded",
    [
        "ABHÖREN\r\n22/tcp\r\n".encode(),
        "ABHÖREN\r\n22/tcp\r\n".encode("utf-8-sig"),
        "ABHÖREN\r\n22/tcp\r\n".encode("utf-16"),
        b"\xfe\xff" + "ABHÖREN\r\n22/tcp\r\n".encode("utf-16-be"),
        "ABHÖREN\r\n22/tcp\r\n".encode("cp1252"),
        "ABHÖREN\r\n22/tcp\r\n".encode("cp850"),
        "ABHÖREN\r\n22/tcp\r\n\x00".encode("utf-16") + b"\xd8",
    ],
)
def test_a_text_may_come_as_systems_encode_it(reader: Client, encoded: bytes) -> None:
    answer = post(reader, encoded).json()
    assert [each["port"] for each in answer["results"]] == [22]
    assert answer["not_understood"][0]["text"].startswith("ABH")


def test_what_is_wrong_is_named(reader: Client) -> None:
    for said, pointers in (
        ({}, [""]),
        ([], [""]),
        ({"ports": [], "text": ""}, [""]),
        ({"bogus": 1}, ["/bogus", ""]),
        ({"text": "", "a/b~c": 1}, ["/a~1b~0c"]),
        ({"text": 1}, ["/text"]),
        ({"text": None}, ["/text"]),
        ({"ports": "22"}, ["/ports"]),
        ({"ports": [{"port": 22}] * 1001}, ["/ports"]),
        ({"ports": [22]}, ["/ports/0"]),
        ({"ports": [{"port": 22}, {}]}, ["/ports/1/port"]),
        ({"ports": [{"port": 22}, {"port": 22, "x": 1}]}, ["/ports/1/x"]),
        (
            {"ports": [{"port": 65536, "protocol": "TCP"}, {"port": 1}, {"port": "22"}]},
            ["/ports/0/port", "/ports/0/protocol", "/ports/2/port"],
        ),
        ({"text": "\n".join(f"{n}/tcp" for n in range(1001))}, ["/text"]),
        ({"text": "\n".join(f"no-such-{n}/tcp" for n in range(1001))}, ["/text"]),
        ({"text": "\n" * 10_000}, ["/text"]),
    ):
        assert wrong(reader, said) == pointers, said
    for value in (-1, 65536, 1.5, 1e300, True, False, None, "22", "٢٢", [], {}, 2**70):
        assert wrong(reader, {"ports": [{"port": value}]}) == ["/ports/0/port"], value
    for value in ("", "TCP", "icmp", 6, True, [], {}, "tcp\x00"):
        assert wrong(reader, {"ports": [{"port": 1, "protocol": value}]}) == ["/ports/0/protocol"]


@pytest.mark.parametrize(
    "said",
    [b"", b"{", b"[" * 200_000, b'{"text": "\\ud800"}', b'{"text": "\xff"}', b"NaN", b"22", b'""'],
)
def test_what_is_no_json_or_no_object_is_refused(reader: Client, said: bytes) -> None:
    answer = reader.post(ADDRESS, said, content_type="application/json")
    assert answer.status_code == 400
    assert [each["pointer"] for each in answer.json()["errors"]] == [""]


def test_it_takes_a_quarter_of_a_megabyte_and_nothing_else_than_it_says(reader: Client) -> None:
    size = 256 * 1024
    assert post(reader, " " * size).json()["results"] == []
    for said in (" " * (size + 1), {"text": " " * size}):
        answer = post(reader, said, status=413)
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert "256" in answer.json()["detail"]
    for kind in ("application/x-www-form-urlencoded", "text/html", "application/xml"):
        answer = reader.post(ADDRESS, "text=22", content_type=kind)
        assert answer.status_code == 415
    answer = post(reader, "22", status=400, query="?bogus=1")
    assert [each["parameter"] for each in answer.json()["errors"]] == ["bogus"]
    assert reader.get(ADDRESS).status_code == 405
    assert reader.get(ADDRESS).headers["Allow"] == "POST, OPTIONS"


def test_a_few_ports_named_very_often_are_refused(reader: Client) -> None:
    often = "\n".join(["1/tcp, 2/tcp, 3/tcp"] * 3400)
    assert wrong(reader, often) == ["/text"]
    assert len(results(reader, "\n".join(["1/tcp, 2/tcp, 3/tcp"] * 3300))) == 3


def test_what_a_terminal_would_obey_stays_as_lsof_wrote_it(reader: Client) -> None:
    line = r"ev\x1b[2Jil\x20x 4242 root 3u IPv4 1 0t0 TCP *:8443 (LISTEN)"
    (found,) = results(reader, line)
    assert found["places"][0]["program"] == r"ev\x1b[2Jil x"


def test_problems_speak_the_callers_language(reader: Client) -> None:
    english = post(reader, {"ports": [{"port": -1}]}, status=400).json()
    turkish = post(reader, {"ports": [{"port": -1}]}, status=400, query="?lang=tr").json()
    assert english["errors"][0]["pointer"] == turkish["errors"][0]["pointer"] == "/ports/0/port"
    assert english["detail"] != turkish["detail"]


def test_scripts_of_other_sites_may_ask(reader: Client) -> None:
    answer = reader.options(
        ADDRESS,
        headers={
            "origin": "https://example.org",
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type",
        },
    )
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_the_answer_says_which_languages_it_is_in(reader: Client) -> None:
    for said, languages in (
        ({"ports": [{"port": 22}]}, "en, tr"),
        ({"ports": [{"port": 49152}]}, "tr"),
        ({"ports": []}, "tr"),
    ):
        for more in ({"query": "?lang=tr"}, {"accept-language": "tr"}):
            answer = post(reader, said, **more)  # type: ignore[arg-type]
            assert answer.headers["Content-Language"] == languages
            for text in texts(answer.json()):
                assert text["lang"] == "tr"
                assert not text["is_fallback"]


def test_no_draft_is_seen(reader: Client) -> None:
    said = {"ports": [{"port": 8080}, {"port": 50001}]}
    before = results(reader, said)
    owner = document(8080)
    level = add(owner, Assessment, level=Assessment.Level.HIGH, as_of="2026-07")
    draft, row = usage(
        name="Draft", kind=Usage.Kind.MALWARE, first_port=8000, last_port=51000, transport="",
        description_en="Not yet.",
    )  # fmt: skip
    save(owner)
    save(draft)
    assert results(reader, said) == before
    publish(draft)
    write(row, name="Another draft", first_port=1)
    save(draft)
    published_article(8080)
    write(level, level=Assessment.Level.LOW)
    write_text(level, "expected", "en", "A draft.")
    first, second = results(reader, said)
    assert [each["name"] for each in first["usages"]] == ["Draft"]
    assert second["usages"] == first["usages"]
    assert (first["has_article"], first["assessment_level"]) == (True, "high")
    assert (second["has_article"], second["assessment_level"]) == (False, None)


def test_a_thousand_ports_take_a_bounded_number_of_queries(reader: Client) -> None:
    load_articles()
    scattered = {"ports": [{"port": number} for number in range(7, 65000, 65)][:1000]}
    registered = "\n".join(f"tcp 0 0 *:{number} *:* LISTEN" for number in range(1, 1000))
    for said in (scattered, registered + "\ntcp 0 0 *:ssh *:*", {"ports": [{"port": 3127}]}):
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as asked:
            found = results(reader, said)
        assert time.perf_counter() - began < 2
        assert len(asked) <= 10
        assert found
    assert len(results(reader, scattered)) == 1000


def test_nothing_of_what_was_pasted_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    reader = Client(headers={"host": "localhost"}, raise_request_exception=False)
    text = 'tcp ESTAB 0 0 192.0.2.77:54321 198.51.100.88:443 users:(("secret-program",pid=1))\n'
    plain = "text/plain"
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, "django.request"):
        for said in (text, text * 10_000):
            reader.post(ADDRESS, said, content_type=plain)
        for body in ({"text": text}, {"text": text, "secret-program": 1}):
            reader.post(ADDRESS, body, content_type="application/json")
        reader.post(ADDRESS, f"{{{text}", content_type="application/json")
        reader.post(ADDRESS, text, content_type="text/html")
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE ports_port RENAME TO ports_away")
        assert reader.post(ADDRESS, text, content_type=plain).status_code == 500
    assert {getattr(record, "status_code", 0) for record in caplog.records} >= {400, 413, 415, 500}
    for record in caplog.records:
        for secret in ("192.0.2.77", "198.51.100.88", "secret-program", "54321"):
            assert secret not in caplog.handler.format(record)
            assert secret not in str(vars(record))


def test_every_answer_is_as_it_is_described(reader: Client) -> None:
    load_articles()
    described = get(reader, "openapi.json").json()
    operation = described["paths"]["/lookup/"]["post"]

    def validator(status: str, kind: str) -> Any:
        schema = operation["responses"][status]["content"][kind]["schema"]
        whole = {**strict(schema), "components": strict(described["components"])}
        return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)

    ok = validator("200", "application/json")
    bodies = operation["requestBody"]["content"]
    examples = [each["value"] for each in bodies["application/json"]["examples"].values()]
    samples = [path.read_text(encoding="utf-8") for path in FOLDER.glob("*.txt")]
    for said in (*examples, bodies["text/plain"]["example"], *samples):
        answer = post(reader, said)
        ok.validate(json.loads(answer.content))
        assert answer.json()["results"]
    asked = jsonschema_rs.Draft202012Validator(bodies["application/json"]["schema"])
    assert all(map(asked.is_valid, examples))
    for said, status in (({"ports": [{}]}, 400), ("x" * 300_000, 413)):
        problem = validator(str(status), "application/problem+json")
        problem.validate(json.loads(post(reader, said, status=status).content))
