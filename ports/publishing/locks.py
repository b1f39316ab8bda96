"""Finding and locking what is about to be changed."""

from typing import Any

from ports.languages import Language
from ports.models import Document, Edition, Revision
from ports.publishing.errors import NoSuchRevisionError, NotPublishableError, WrongStateError


def lock(document: Document) -> Document:
    """The document as it is now; others who want it wait for the end of the transaction.

    What it is about is locked first, as the admin's forms do, which may have no document yet.
    SQLite's transactions are IMMEDIATE and exclude each other as it is.
    """
    lock_owner(*document.owner)
    return Document.objects.select_for_update().get(pk=document.pk)


def lock_owner(model: type[Any], pk: Any) -> None:
    """Lock what a document is about: a port, a usage or a gloss."""
    list(model._base_manager.order_by().select_for_update(no_key=True).filter(pk=pk).values("pk"))


def locked_edition(document: Document, language: Language) -> tuple[Edition, Revision]:
    """An edition as it is now, with its latest revision, until the end of the transaction.

    Raises NotPublishableError when nothing is saved in the language.
    """
    document = lock(document)
    edition = (
        Edition.objects.filter(document=document, language=language.code)
        .select_related("document", "latest_revision", "live_revision", "scheduled_revision")
        .first()
    )
    if edition is None or edition.latest_revision is None:
        raise NotPublishableError("nothing is saved in this language")
    return edition, edition.latest_revision


def the_latest(latest: Revision, number: int) -> Revision:
    """The latest revision; raises WrongStateError when that is another one than `number`."""
    if latest.number != number:
        raise WrongStateError(f"revision {latest.number} was saved meanwhile")
    return latest


def numbered(edition: Edition, number: int) -> Revision:
    """A revision of an edition by its number; raises NoSuchRevisionError."""
    revision = Revision.objects.filter(edition=edition, number=number).first()
    if revision is None:
        raise NoSuchRevisionError(number)
    return revision
