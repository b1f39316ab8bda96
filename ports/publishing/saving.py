"""Turning the working rows into immutable revisions, and back."""

import hashlib
import json
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from ports import roles
from ports.editorial import checks, working
from ports.editorial.parts import Structure, Texts
from ports.languages import LANGUAGES, SOURCE, Language
from ports.models import Document, Edition, Revision, User
from ports.publishing.errors import ContentError, NoSuchRevisionError
from ports.publishing.freshness import made_from
from ports.publishing.locks import lock, numbered
from ports.roles import Deed

Origin = Revision.Origin
Significance = Revision.Significance


@transaction.atomic
def save_revision(
    *,
    document: Document,
    by: User | None,
    origin: Origin = Origin.EDITOR,
    significance: Significance = Significance.MEDIUM,
    seen_source: int | None = None,
    not_in_sync: Collection[Language] = (),
) -> dict[Language, Revision]:
    """Make a revision of each edition whose content the working rows have in another form.

    Returns the revisions made, by language; none where nothing differed.

    A change of structure or of English text makes a source revision; `significance` says how much
    it matters to translations. A change of another language's text makes a revision of that
    language, made from the source revision with the number `seen_source` (the latest where none is
    said), or for the languages `not_in_sync` from the same one as the revision before. Each is a
    draft, whatever its edition was. Only what changed is checked; raises ContentError, or
    NotAllowedError when `by` may not write in one of the languages, and then nothing is saved.
    Without `by`, what comes with the program is saved.
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
            significance=significance,
            origin=origin,
            by=by,
            at=now,
        )
    base = _seen(source, None if SOURCE in revisions else seen_source)
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
            before = edition.latest_revision
            revisions[language] = _add_revision(
                edition,
                structure=None,
                texts=texts[language.code],
                digest=digest,
                source_revision=made_from(edition, before)
                if before and language in not_in_sync
                else base,
                significance=Significance.MEDIUM,
                origin=origin,
                by=by,
                at=now,
            )
    if by is not None:
        for language in revisions:
            roles.require(by, Deed.WRITE, language)
    return revisions


@transaction.atomic
def revert(*, document: Document, language: Language, number: int, by: User) -> Revision:
    """Give the working rows the content of an earlier revision, and return the latest revision.

    What differs becomes a new revision; readers see it once it is published. A source revision
    brings back its structure too. Raises NoSuchRevisionError.
    """
    roles.require(by, Deed.WRITE, language)
    document = lock(document)
    edition = Edition.objects.filter(document=document, language=language.code).first()
    if edition is None:
        raise NoSuchRevisionError(number)
    revision = numbered(edition, number)
    if revision.structure is not None:
        working.write_structure(document, revision.structure, at=timezone.now())
    working.write_texts(document, language, revision.texts)
    # Old texts were made from an old source: that they are back brings them no nearer to today's.
    seen = revision.source_revision
    save_revision(document=document, by=by, seen_source=seen.number if seen else None)
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
    significance: Significance,
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
        significance=significance,
        origin=origin,
        created_by=by,
        created_at=at,
    )
    if before is None or before.texts != texts:
        edition.version += 1
    edition.latest_revision = revision
    edition.work = Edition.Work.DRAFT
    edition.save(update_fields=["version", "latest_revision", "work"])
    return revision


def _seen(source: Edition, number: int | None) -> Revision | None:
    """The source revision that a translator saw."""
    if number is None or source.latest_revision is None:
        return source.latest_revision
    found = Revision.objects.filter(edition=source, number=number).first()
    return found or source.latest_revision
