"""The languages that texts can be asked for in."""

from typing import Any

from ports.api.resource import Resource
from ports.api.schemas import FLAG, a_list, an_object, one_of, text
from ports.languages import LANGUAGES, SOURCE


class Languages(Resource):
    """The languages of this site; the first is the one everything is written in first."""

    schema = an_object(
        results=a_list(
            an_object(
                tag=text("BCP 47."),
                name=text("What its speakers call it."),
                english_name=text(),
                direction=one_of(["ltr", "rtl"]),
                is_source=FLAG,
            )
        ),
        next={"type": "null"},
    )

    def body(self) -> Any:
        self.languages = {*LANGUAGES}
        return {
            "results": [
                {
                    "tag": each.tag,
                    "name": each.name,
                    "english_name": each.english_name,
                    "direction": each.direction,
                    "is_source": each is SOURCE,
                }
                for each in LANGUAGES
            ],
            "next": None,
        }
