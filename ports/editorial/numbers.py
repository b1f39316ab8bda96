"""Numbers in prose, which a translation writes its own way and must not lose. Pure.

`65,536` in English is `65.536`, `65 536`, `٦٥٬٥٣٦` or `6万5536` elsewhere; `1.5` is `1,5`; `14:30`
is `14h30` or `14時30分`.
"""

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

# What stands between the digits of one number: Arabic ones, apostrophes, and spaces that do not
# break. A plain space does so in translations only, where all the parts are read on their own too.
_POINTS: Final = ".,:'’·٫٬،\u00a0\u202f\u2009"
_NUMBER: Final = re.compile(rf"0[xX][0-9A-Fa-f]+|\d+(?:[{_POINTS}]\d+)*")
_SPACED_NUMBER: Final = re.compile(rf"0[xX][0-9A-Fa-f]+|\d+(?:[{_POINTS} ]\d+)*")
_DATE: Final = re.compile(r"\b(\d{4})-(\d\d)(?:-(\d\d))?\b")
_ORDINAL: Final = re.compile(r"\b\d+(?:st|nd|rd|th)\b")

# Words for powers of ten, by which languages abbreviate large numbers.
_POWERS: Final = {
    "thousand": 3, "million": 6, "billion": 9,
    "千": 3, "万": 4, "萬": 4, "만": 4, "億": 8, "亿": 8, "억": 8,
    "हज़ार": 3, "हजार": 3, "लाख": 5, "करोड़": 7, "হাজার": 3, "লাখ": 5, "লক্ষ": 5, "কোটি": 7,
    "พัน": 3, "หมื่น": 4, "แสน": 5, "ล้าน": 6,
}  # fmt: skip
_SCALED: Final = re.compile(rf"(\d+(?:[.,٫]\d+)?)\s?({'|'.join(_POWERS)})(\d{{1,4}})?")

# So many parts of a row of digits are read together.
_MOST_PARTS: Final = 8


def lost_numbers(source: str, translation: str) -> list[str]:
    """The numbers of a source's prose, as it writes them, that a translation's prose lacks.

    How often a number occurs does not matter. English ordinals are left out, since other languages
    write most of them as words or in Roman figures.
    """
    there = _all_readings(translation)
    return list(
        dict.fromkeys(
            written
            for written, readings in _numbers(source)
            if not any(reading <= there for reading in readings)
        )
    )


type _Reading = frozenset[str]
"""What all must be there for a number to be there."""


def _numbers(prose: str) -> Iterator[tuple[str, list[_Reading]]]:
    """The numbers of a source as they are written, each with the ways to tell that it is there."""
    rest = _ORDINAL.sub(" ", prose)
    for date in _DATE.finditer(rest):
        # The month may be a word.
        year, day = date[1], date[3]
        yield date[0], [frozenset(_plain(part) for part in (year, day) if part)]
    rest = _DATE.sub(" ", rest)
    for match in _NUMBER.finditer(rest):
        written = match[0]
        parts = _parts(written)
        readings = [frozenset([reading]) for reading in _joined(parts)]
        if ":" in written or "," in written:
            readings.append(frozenset(map(_plain, parts)))
        if ":" in written and len(parts) == 2:
            readings += _times(*parts)
        scaled = _SCALED.match(rest, match.start())
        if scaled is not None:
            readings.append(frozenset([_scaled(scaled)]))
        yield written, readings


def _times(hour: str, minute: str) -> Iterator[_Reading]:
    """A time of day: full hours without minutes, and of 24 where English counts to 12."""
    for each in (int(hour), int(hour) + 12):
        yield frozenset([str(each)] if int(minute) == 0 else [str(each), _plain(minute)])


def _all_readings(prose: str) -> frozenset[str]:
    """Everything that the digits of a translation can be read as."""
    found = {_scaled(match) for match in _SCALED.finditer(prose)}
    for match in _SPACED_NUMBER.finditer(prose):
        parts = _parts(match[0])
        for begin in range(len(parts)):
            for end in range(begin + 1, min(begin + _MOST_PARTS, len(parts)) + 1):
                found.update(_joined(parts[begin:end]))
        found.update(map(_plain, parts))
    return frozenset(found)


def _parts(written: str) -> list[str]:
    """The runs of digits of a number, in digits 0-9; a hexadecimal one is a single part."""
    if written[:2] in {"0x", "0X"}:
        return [written.lower()]
    return [
        "".join(str(unicodedata.digit(digit)) for digit in run)
        for run in re.findall(r"\d+", written)
    ]


def _joined(parts: list[str]) -> Iterator[str]:
    """Parts read as one: in their order, and without the separators of thousands."""
    yield ".".join(parts)
    for end in range(2, len(parts) + 1):
        head, tail = parts[:end], parts[end:]
        # Groups of three from the end; of two before them in South Asia.
        if (
            1 <= len(head[0]) <= 3
            and len(head[-1]) == 3
            and all(len(part) in {2, 3} for part in head[1:])
        ):
            yield ".".join(["".join(head), *tail])


def _plain(digits: str) -> str:
    """A run of digits without leading zeros."""
    return digits.lstrip("0") or "0"


def _scaled(match: re.Match[str]) -> str:
    """`20 lakh`, `6万5536` and the like in digits."""
    amount = Decimal(".".join(_parts(match[1]))) * 10 ** _POWERS[match[2]]
    rest = int(match[3]) if match[3] else 0
    return str(int(amount) + rest)
