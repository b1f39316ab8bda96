"""The languages that texts can be asked for in."""

from typing import Any

from ports.api.resource import Resource
from ports.languages import LANGUAGES, SOURCE


class Languages(Resource):
    """The languages of this site; the first is the one everything is written in first."""

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
