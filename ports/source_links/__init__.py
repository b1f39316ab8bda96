"""Whether the sources of published texts still answer: looked up politely, each once a week.

A source that did not answer three times in a row is something for an editor to look at, until it
answers again or nothing published cites it any more.
"""

from ports.source_links.checks import check
from ports.source_links.silence import reason, silent

__all__ = ["check", "reason", "silent"]
