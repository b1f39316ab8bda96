"""Which page an answer is about: signed, so that it is one that this site has shown.

The same for everyone who sees the page, as pages are the same bytes for everyone.
"""

from typing import Final, NamedTuple

from django.core.signing import BadSignature

from feedback.signing import signer
from ports.languages import Language, by_code
from ports.registry.records import LAST_PORT

_SALT: Final = "feedback.page"
_SEPARATOR: Final = "."


class PageReference(NamedTuple):
    """A port's page in a language, with the article on it.

    `text_language` is the language of the article, None on a page without one, whose
    `revision_number` is 0.
    """

    port: int
    language: Language
    text_language: Language | None
    revision_number: int

    @property
    def text_code(self) -> str:
        """The code of the article's language; "" for a page without one."""
        return self.text_language.code if self.text_language else ""


class PageReferenceError(ValueError):
    """What was sent is no reference to a page, or none that this site has signed."""


def signed(page: PageReference) -> str:
    """The reference as a form carries it."""
    said = (page.port, page.language.code, page.text_code, page.revision_number)
    return signer(_SALT).sign(_SEPARATOR.join(map(str, said)))


def read(reference: str) -> PageReference:
    """The page that a form was on; raises PageReferenceError."""
    try:
        said = signer(_SALT).unsign(reference)
    except BadSignature as error:
        raise PageReferenceError from error
    port, code, text_code, number = said.split(_SEPARATOR)
    language, text_language = by_code(code), by_code(text_code)
    if language is None or int(port) > LAST_PORT or (text_code and text_language is None):
        raise PageReferenceError  # from a version of the site with another language
    return PageReference(int(port), language, text_language, int(number))
