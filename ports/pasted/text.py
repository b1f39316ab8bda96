"""Reading pasted text: each line by what the tools print, and then by what the lines say together.

It takes time in proportion to the length of the text, and raises nothing.
"""

import re
from collections.abc import Sequence
from enum import Enum, auto
from typing import Final

from ports.pasted import reports, rows
from ports.pasted.headings import is_remark, may_head_a_table
from ports.pasted.mentions import Line, Mention, Pasted, Side

# Windows' netstat -b names the program on a line of its own, below its sockets.
_PROGRAM_LINE: Final = re.compile(r"\s*\[([^\[\]]{1,100})\]\s*")
_MOST_HEADINGS: Final = 3


class _Kind(Enum):
    BLANK = auto()
    ROW = auto()
    """Of a table that may have a heading."""
    OTHER = auto()
    """Understood, or known."""
    UNKNOWN = auto()


def read(text: str) -> Pasted:
    """The ports that a text names, and the lines in which nothing was understood."""
    reader = _Reader()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").split("\n")
    for number, line in enumerate(lines, start=1):
        reader.read(number, line)
    return Pasted(
        _by_what_listens(reader.mentions),
        [
            Line(number, lines[number - 1])
            for number, kind in enumerate(_with_headings(reader.kinds, lines), start=1)
            if kind is _Kind.UNKNOWN
        ],
        lines,
    )


class _Reader:
    """What has been read so far."""

    def __init__(self) -> None:
        self.mentions: list[Mention] = []
        self.kinds: list[_Kind] = []
        self._columns: tuple[str, ...] = ()
        """Those of the table of PowerShell that lines are read below."""

    def read(self, number: int, line: str) -> None:
        kind, mentions = self._read(line)
        self.kinds.append(kind)
        self.mentions += [mention._replace(line=number) for mention in mentions]

    def _read(self, line: str) -> tuple[_Kind, list[Mention]]:
        words = line.split()
        if not words:
            self._columns = ()
            return _Kind.BLANK, []
        if words[0] == "LocalAddress":
            self._columns = tuple(word.lower() for word in words[:20])
        for found in (
            rows.lsof_row(words),
            rows.socket_row(words, line),
            rows.powershell_row(words, self._columns) if self._columns else None,
        ):
            if found is not None:
                return _Kind.ROW, found
        report = reports.firewall(words)
        if report is None:
            report = reports.nmap(line.lstrip())
        if report is not None:
            return _Kind.OTHER, report
        if is_remark(line, words):
            # nmap -v says of open ports what it finds again in its table; others may say it once.
            return _Kind.OTHER, reports.in_words(line) or []
        if (program := _PROGRAM_LINE.fullmatch(line)) and self._names_program(program[1]):
            return _Kind.OTHER, []
        mentions = reports.a_list(line) or reports.in_words(line)
        return (_Kind.UNKNOWN, []) if mentions is None else (_Kind.OTHER, mentions)

    def _names_program(self, name: str) -> bool:
        """Whether a program is that of the sockets right above it, and then it is."""
        row = len(self.kinds)
        # The component that a shared program runs may stand between.
        while row and self.kinds[row - 1] is _Kind.UNKNOWN and len(self.kinds) - row < 1:
            row -= 1
        if not row or self.kinds[row - 1] is not _Kind.ROW:
            return False
        self.kinds[row:] = [_Kind.OTHER] * (len(self.kinds) - row)
        place = len(self.mentions)
        while place and self.mentions[place - 1].line == row:
            place -= 1
            if self.mentions[place].side is Side.LOCAL:
                self.mentions[place] = self.mentions[place]._replace(program=name)
        return True


def _with_headings(kinds: Sequence[_Kind], lines: Sequence[str]) -> list[_Kind]:
    """The kinds of lines, those above a table known as its heading."""
    found = list(kinds)
    headings = 0
    for place in range(len(found) - 1, -1, -1):
        if found[place] is _Kind.ROW:
            headings = _MOST_HEADINGS
        elif found[place] is _Kind.UNKNOWN:
            if headings and may_head_a_table(lines[place]):
                headings -= 1
                found[place] = _Kind.OTHER
            else:
                headings = 0
    return found


def _by_what_listens(mentions: list[Mention]) -> list[Mention]:
    """The mentions, of connections with a port that listens in the same text that one as theirs."""
    listening = {
        (mention.port or mention.service, mention.transport)
        for mention in mentions
        if mention.is_listening and mention.side is Side.LOCAL
    }
    served = {
        mention.line
        for mention in mentions
        if mention.side is Side.LOCAL
        and mention.is_listening is False
        and (mention.port or mention.service, mention.transport) in listening
    }
    return [
        mention._replace(is_likely_service=mention.side is Side.LOCAL)
        if mention.line in served
        else mention
        for mention in mentions
    ]
