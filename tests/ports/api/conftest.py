"""Each test asks anew what readers see: tests commit nothing."""

from collections.abc import Iterator

import pytest

from ports import generation
from ports.models import FAQ, Article, Assessment, History, Source
from tests.ports.writing import add, document, gloss, publish, usage


@pytest.fixture(autouse=True)
def _asks_anew() -> Iterator[None]:
    generation.forget()
    yield
    generation.forget()


@pytest.fixture
def written(db: None) -> None:
    """An article of every kind of part on 8080, in English and half of it in Turkish."""
    owner = document(8080)
    article = add(
        owner, Article,
        title_en="A second door", title_tr="İkinci bir kapı",
        summary_en="It is {status 8080/tcp} as {service 8080/tcp http-alt}.[^rfc]",
        body_en="See [[80]] and [[443/tcp]], `{status 8080/tcp}` is code.\n\n    [^rfc] too\n\n"
        "The name is *{description 8080/tcp http-alt}*.",
    )  # fmt: skip
    assert article
    add(owner, Assessment, level="medium", as_of="2026-07", expected_en="A proxy.")
    add(owner, History, date="1999-05", title_en="It begins")
    add(owner, FAQ, question_en="Why?", question_tr="Neden?", answer_en="Because.")
    add(owner, Source, key="rfc", title="A document", url="https://example.org/rfc")
    publish(owner, "en", "tr")
    row, _usage = usage(
        name="Something", kind="malware", first_port=8000, last_port=8100, transport="tcp",
        description_en="It was seen.",
    )  # fmt: skip
    publish(row)
    meant, _gloss = gloss(service_name="http-alt", text_en="Another door to the web.")
    publish(meant)
