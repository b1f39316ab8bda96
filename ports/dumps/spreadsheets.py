"""Cells that a spreadsheet would take for formulas, made harmless. Pure.

What OWASP advises against "CSV injection": an apostrophe before what begins like a formula.
"""

import re
from typing import Final

# Also as Japanese keyboards write them, and behind white space, which spreadsheets leave out.
_AT_THE_BEGINNING: Final = re.compile(r"(?=[\s']*[=+\-@＝＋－＠]|'*[\t\r\n])")
# A spreadsheet that takes another character for the separator takes what follows it for a cell. A
# dash and a blank begin a line of a list, of which the registry has some.
_WITHIN: Final = re.compile(r"(?<=[;|\t\r\n])([^\S\t\r\n]*)(?='*(?:[=+@＝＋＠]|[-－][^\s]))")


def defused(cell: str) -> str:
    """A cell as it may stand in a CSV file; the same, unless some part begins like a formula."""
    cell = _WITHIN.sub(r"\1'", cell)
    return f"'{cell}" if _AT_THE_BEGINNING.match(cell) else cell
