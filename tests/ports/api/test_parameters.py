"""What an address may say: every parameter is understood, or refused by its name."""

import time
from urllib.parse import quote

import pytest
from django.test import Client

from ports.languages import LANGUAGES
from tests.ports.api.answers import get, problem

pytestmark = pytest.mark.django_db

WRONG = {
    "assignments/?bogus=1": ["bogus"],
    "assignments/?port__gte=abc": ["port__gte"],
    "assignments/?port__gte=": ["port__gte"],
    "assignments/?port=-1": ["port"],
    "assignments/?port=65536": ["port"],
    "assignments/?port=1.5": ["port"],
    f"assignments/?port={quote('٤٤٣')}": ["port"],
    "assignments/?port=22&port=23": ["port"],
    "assignments/?protocol=TCP": ["protocol"],
    "assignments/?status=dynamic": ["status"],
    "assignments/?range=all": ["range"],
    "assignments/?limit=0": ["limit"],
    "assignments/?limit=1001": ["limit"],
    "assignments/?limit=10^9": ["limit"],
    f"assignments/?limit={10**30}": ["limit"],
    "assignments/?after=-1": ["after"],
    f"assignments/?after={2**53}": ["after"],
    "assignments/?count=yes": ["count"],
    "assignments/?fields=id,secret": ["fields"],
    "assignments/?fields=": ["fields"],
    "assignments/?fields=id,id": ["fields"],
    "assignments/?q=": ["q"],
    "assignments/?q=%20": ["q"],
    "assignments/?q=%00": ["q"],
    "assignments/?q=a%0Ab": ["q"],
    "assignments/?q=%ff": ["q"],
    f"assignments/?q={'x' * 10_000}": ["q"],
    f"assignments/?{'x' * 10_000}=1": ["x" * 100],
    "assignments/?service=%00": ["service"],
    "assignments/?lang=xx": ["lang"],
    "assignments/?lang=": ["lang"],
    "assignments/?lang=zh-TW": ["lang"],
    "assignments/?LIMIT=5": ["LIMIT"],
    "assignments/?a=1&port=x&limit=0": ["a", "limit", "port"],
    "assignments/?updated_since=x": ["updated_since"],
    "faqs/?updated_since=-1": ["updated_since"],
    "ports/?status=new": ["status"],
    "ports/?has_article=1": ["has_article"],
    "ranges/?q=http": ["q"],
    "ports/3440/?limit=5": ["limit"],
    "ports/3440/?format=json": ["format"],
    "ports/3440/?format=xml": ["format"],
    "publications/?since=x": ["since"],
    "services/?has_port=0": ["has_port"],
    "services/ssh/?bogus=1": ["bogus"],
    "usages/?kind=good": ["kind"],
    "usages/?port__gte=1": ["port__gte"],
    "histories/?port=x": ["port"],
    "faqs/?q=x": ["q"],
    "changes/?since=x": ["since"],
    "changes/?kind=new": ["kind"],
    "ranges/?limit=1": ["limit"],
    "registry/?x": ["x"],
    "languages/?x=": ["x"],
    "?x=1": ["x"],
}


@pytest.mark.parametrize("address", WRONG)
def test_a_parameter_that_cannot_be_is_named(reader: Client, address: str) -> None:
    get(reader, "assignments/?limit=1")
    began = time.perf_counter()
    said = problem(reader, address)
    assert time.perf_counter() - began < 0.1
    assert sorted(each["parameter"] for each in said["errors"]) == WRONG[address]
    for each in said["errors"]:
        assert each["detail"] in said["detail"]


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda each: each.code)
def test_it_is_said_in_the_language_of_who_asks(reader: Client, language: object) -> None:
    english = problem(reader, "ports/?bogus=1&limit=x")
    tag = language.tag  # type: ignore[attr-defined]
    asked = problem(reader, f"ports/?bogus=1&limit=x&lang={tag}", **{"accept-language": "de"})
    preferred = get(reader, "ports/?bogus=1&limit=x", status=400, **{"accept-language": tag})
    assert preferred.headers["Content-Language"] == tag
    assert preferred.json()["detail"] == asked["detail"]
    assert (asked["detail"] == english["detail"]) == (tag == "en")
    unknown = problem(reader, "ports/?lang=xx", **{"accept-language": tag})
    assert unknown["errors"][0]["parameter"] == "lang"
