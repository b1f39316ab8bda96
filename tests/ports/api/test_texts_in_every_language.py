"""No text is given as one of a language that it is not in, whatever is asked for."""

import re
from typing import Any

import pytest
from django.test import Client

from ports import generation
from ports.languages import LANGUAGES, SOURCE
from tests.ports.api.answers import get, texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("written")]

ENDPOINTS = {
    "/": [""],
    "/openapi.json": ["openapi.json"],
    "/ports/": ["ports/?limit=3", "ports/?has_article=true"],
    "/ports/{number}/": ["ports/8080/", "ports/8042/", "ports/3440/", "ports/1/"],
    "/ports/{number}/feedback/": ["ports/8080/feedback/"],
    "/services/": ["services/?limit=3"],
    "/services/{name}/": ["services/http-alt/"],
    "/assignments/": ["assignments/?limit=3"],
    "/usages/": ["usages/"],
    "/histories/": ["histories/"],
    "/faqs/": ["faqs/"],
    "/ranges/": ["ranges/"],
    "/changes/": ["changes/"],
    "/publications/": ["publications/"],
    "/registry/": ["registry/"],
    "/stats/": ["stats/"],
    "/languages/": ["languages/"],
    "/search/": ["search/?q=8080", "search/?q=http"],
    "/suggest/": ["suggest/?limit=3", "suggest/?port__lte=1"],
}
SHORT = ["/8080.json", "/http-alt.json"]
WRITTEN = re.compile("A second door|It is assigned|See |A proxy|It begins|Because|It was|Another")


def words(answer: Any) -> set[str]:
    """What the texts of an answer say that are not in English only because nobody translated."""
    return {
        str(each.get("text") or each["markdown"])
        for each in texts(answer.json())
        if not each["is_fallback"]
    }


def check(answer: Any, language: Any, english: Any) -> None:
    """Each text says truly in which language it is, and so does the header."""
    said = answer.headers["Content-Language"].split(", ")
    found: list[dict[str, Any]] = list(texts(answer.json()))
    assert {each["lang"] for each in found} <= set(said)
    for each in found:
        assert each["lang"] in {language.tag, SOURCE.tag}
        assert each["is_fallback"] == (each["lang"] != language.tag)
    if language is not SOURCE:
        assert not words(answer) & words(english)
        assert not any(WRITTEN.match(text) for text in words(answer))


def test_every_address_is_asked(reader: Client) -> None:
    described = get(reader, "openapi.json").json()["paths"]
    assert {path for path, methods in described.items() if "get" in methods} == ENDPOINTS.keys()


@pytest.mark.parametrize("endpoint", [each for more in ENDPOINTS.values() for each in more])
def test_no_text_passes_for_another_language(reader: Client, endpoint: str) -> None:
    separator = "&" if "?" in endpoint else "?"
    english = get(reader, endpoint)
    for language in LANGUAGES:
        answer = get(reader, f"{endpoint}{separator}lang={language.tag}")
        check(answer, language, english)
        said = answer.headers["Content-Language"].split(", ")
        assert language.tag in said or said == ["en"] or endpoint == "languages/"
        assert "Accept-Language" not in answer.headers.get("Vary", "")
        preferred = get(reader, endpoint, **{"accept-language": language.tag})
        assert preferred.json() == answer.json() or separator == "&"
        assert words(preferred) == words(answer)
        assert "Accept-Language" in preferred.headers["Vary"]
        if endpoint == "ports/8080/":
            assert ("İkinci" in answer.content.decode()) == (language.code == "tr")


@pytest.mark.parametrize("address", SHORT)
def test_no_text_of_a_short_address_passes_for_another_language(
    reader: Client, address: str
) -> None:
    generation.forget()
    english = reader.get(address)
    for language in LANGUAGES:
        for answer in (
            reader.get(f"{address}?lang={language.tag}"),
            reader.get(address, headers={"accept-language": language.tag}),
        ):
            assert answer.status_code == 200
            check(answer, language, english)


def test_no_text_of_a_look_up_passes_for_another_language(reader: Client) -> None:
    asked = {"ports": [{"port": 8080}, {"port": 3440, "protocol": "udp"}, {"port": 1}]}
    english = reader.post("/api/v1/lookup/", asked, content_type="application/json")
    for language in LANGUAGES:
        for address, headers in (
            (f"/api/v1/lookup/?lang={language.tag}", {}),
            ("/api/v1/lookup/", {"accept-language": language.tag}),
        ):
            answer = reader.post(address, asked, content_type="application/json", headers=headers)
            assert answer.status_code == 200
            check(answer, language, english)
            assert len(words(answer)) == 3
