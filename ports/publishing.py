"""Saving, publishing, unpublishing and reverting documents: the only place where it is done.

Editors change the working rows (see `ports.editorial.working`); what is said here turns them into
immutable revisions, and moves the pointer to the one that readers see.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from ports.editorial import checks, working
from ports.editorial.checks import Problem
from ports.editorial.claims import CheckedClaim, check_claims
from ports.editorial.parts import Structure, Texts
from ports.languages import LANGUAGES, SOURCE, Language
from ports.models import Document, Edition, PublicationEvent, Revision, User
from ports.registry.claims import Verdict

Origin = Revision.Origin


class ContentError(ValueError):
    """Texts that may not be saved: tokens or footnotes that do not exist."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(problem.message for problem in problems))
        self.problems = list(problems)


class ClaimsDeniedError(ValueError):
    """A document that may not be published: the registry denies some of its claims."""

    def __init__(self, denied: Sequence[CheckedClaim]) -> None:
        super().__init__("; ".join(str(claim.claim) for claim in denied))
        self.denied = list(denied)


class NotPublishableError(ValueError):
    """An edition that cannot go live: nothing is saved, or its source is not live."""


class NoSuchRevisionError(LookupError):
    """A revision that the edition does not have."""


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


@transaction.atomic
def save_revision(
    *, document: Document, by: User | None, origin: Origin = Origin.EDITOR
) -> dict[Language, Revision]:
    """Make a revision of each edition whose content the working rows have in another form.

    Returns the revisions made, by language; none where nothing differed.

    A change of structure or of English text makes a source revision; a change of another
    language's text makes one of that language, which refers to the latest source revision. Only
    what changed is checked; raises ContentError, and then nothing is saved.
    """
    document = lock(document)
    now = timezone.now()
    editions = {edition.language: edition for edition in _editions(document)}
    texts = working.read_texts(document)
    structure = working.read_structure(document)
    revisions: dict[Language, Revision] = {}
    source = _edition(document, SOURCE, editions)
    digest = content_digest(structure, texts[SOURCE.code])
    if _differs(source, digest):
        _check(document, structure, texts[SOURCE.code])
        before = source.latest_revision
        if before is None or before.structure != structure:
            document.structure_version += 1
            document.save(update_fields=["structure_version"])
        revisions[SOURCE] = _add_revision(
            source,
            structure=structure,
            texts=texts[SOURCE.code],
            digest=digest,
            source_revision=None,
            origin=origin,
            by=by,
            at=now,
        )
    for language in LANGUAGES:
        if language is SOURCE:
            continue
        edition = editions.get(language.code)
        if edition is None and not texts[language.code]:
            continue
        edition = edition or _edition(document, language, editions)
        digest = content_digest(None, texts[language.code])
        if _differs(edition, digest):
            _check(document, structure, texts[language.code])
            revisions[language] = _add_revision(
                edition,
                structure=None,
                texts=texts[language.code],
                digest=digest,
                source_revision=source.latest_revision,
                origin=origin,
                by=by,
                at=now,
            )
    return revisions


@transaction.atomic
def publish(
    *, document: Document, language: Language, by: User | None, number: int | None = None
) -> Revision:
    """Make a revision of an edition live: the latest, or the one with this number.

    Raises NotPublishableError when nothing is saved, or when a translation's source is not live;
    NoSuchRevisionError; ClaimsDeniedError when the registry denies a claim of the source revision.
    """
    document = lock(document)
    edition = Edition.objects.filter(document=document, language=language.code).first()
    if edition is None or edition.latest_revision is None:
        raise NotPublishableError("nothing is saved in this language")
    revision = edition.latest_revision if number is None else _revision(edition, number)
    if language is SOURCE:
        denied = [c for c in check_claims(revision.structure or {}) if c.verdict == Verdict.DENIED]
        if denied:
            raise ClaimsDeniedError(denied)
        _show_on_pages(document, revision.structure or {})
    elif not Edition.objects.filter(
        document=document, language=SOURCE.code, live_revision__isnull=False
    ).exists():
        raise NotPublishableError("the source is not live")
    if edition.live_revision_id != revision.pk:
        _move_pointer(edition, revision, by=by)
    return revision


@transaction.atomic
def unpublish(*, document: Document, language: Language, by: User) -> None:
    """Take an edition from the readers; with the source go all translations."""
    document = lock(document)
    gone = Edition.objects.filter(document=document, live_revision__isnull=False)
    if language is not SOURCE:
        gone = gone.filter(language=language.code)
    for edition in gone.select_related("live_revision"):
        _move_pointer(edition, None, by=by)
    if language is SOURCE:
        _show_on_pages(document, {})


@transaction.atomic
def revert(*, document: Document, language: Language, number: int, by: User) -> Revision:
    """Give the working rows the content of an earlier revision, and return the latest revision.

    What differs becomes a new revision; readers see it once it is published. A source revision
    brings back its structure too. Raises NoSuchRevisionError.
    """
    document = lock(document)
    edition = Edition.objects.filter(document=document, language=language.code).first()
    if edition is None:
        raise NoSuchRevisionError(number)
    revision = _revision(edition, number)
    if revision.structure is not None:
        working.write_structure(document, revision.structure, at=timezone.now())
    working.write_texts(document, language, revision.texts)
    save_revision(document=document, by=by)
    return Revision.objects.filter(edition=edition).order_by("-number")[0]


def content_digest(structure: Structure | None, texts: Texts) -> str:
    """64 hexadecimal digits that are the same for the same content."""
    content = json.dumps([structure, texts], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def _editions(document: Document) -> list[Edition]:
    return list(Edition.objects.filter(document=document).select_related("latest_revision"))


def _edition(document: Document, language: Language, editions: dict[str, Edition]) -> Edition:
    if language.code not in editions:
        editions[language.code] = Edition.objects.create(document=document, language=language.code)
    return editions[language.code]


def _differs(edition: Edition, digest: str) -> bool:
    return edition.latest_revision is None or edition.latest_revision.digest != digest


def _check(document: Document, structure: Structure, texts: Texts) -> None:
    if found := checks.problems(document.kind, structure, texts):
        raise ContentError(found)


def _add_revision(
    edition: Edition,
    *,
    structure: Structure | None,
    texts: Texts,
    digest: str,
    source_revision: Revision | None,
    origin: Origin,
    by: User | None,
    at: datetime,
) -> Revision:
    before = edition.latest_revision
    revision = Revision.objects.create(
        edition=edition,
        number=before.number + 1 if before else 1,
        structure=structure,
        texts=texts,
        digest=digest,
        source_revision=source_revision,
        origin=origin,
        created_by=by,
        created_at=at,
    )
    if before is None or before.texts != texts:
        edition.version += 1
    edition.latest_revision = revision
    edition.save(update_fields=["version", "latest_revision"])
    return revision


def _revision(edition: Edition, number: int) -> Revision:
    revision = Revision.objects.filter(edition=edition, number=number).first()
    if revision is None:
        raise NoSuchRevisionError(number)
    return revision


def _show_on_pages(document: Document, structure: Structure) -> None:
    """Say on which pages the document stands: those of its live structure; on none for {}."""
    first = last = None
    name = ""
    if structure and document.kind == Document.Kind.PORT:
        first = last = document.port_id
    for usage in structure.get("usage", []):
        first, last = usage["first_port"], usage["last_port"]
    for gloss in structure.get("gloss", []):
        name = gloss["service_name"].lower()
    document.live_first_port, document.live_last_port = first, last
    document.live_service_name = name
    document.has_live_article = bool(structure.get("article"))
    document.save(
        update_fields=[
            "live_first_port", "live_last_port", "live_service_name", "has_live_article",
        ]
    )  # fmt: skip


def _move_pointer(edition: Edition, revision: Revision | None, *, by: User | None) -> None:
    event = PublicationEvent(edition=edition, by=by, at=timezone.now())
    if revision is not None:
        event.action, event.revision = PublicationEvent.Action.PUBLISHED, revision
    elif edition.live_revision is not None:
        event.action, event.revision = PublicationEvent.Action.UNPUBLISHED, edition.live_revision
    event.save()
    edition.live_revision = revision
    edition.save(update_fields=["live_revision"])
