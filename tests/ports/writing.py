"""Writing documents as editors do, without the admin's forms."""

from typing import Any

from ports import publishing
from ports.editorial import working
from ports.editorial.parts import column, kind_of_part
from ports.languages import SOURCE, Language, by_code
from ports.models import (
    FAQ,
    Article,
    Assessment,
    Claim,
    Document,
    Edition,
    Gloss,
    History,
    Port,
    Revision,
    Role,
    Source,
    Usage,
    User,
)

NAMES = {
    Article: "article",
    Assessment: "assessment",
    History: "history",
    FAQ: "faq",
    Source: "source",
    Claim: "claim",
    Usage: "usage",
    Gloss: "gloss",
}


def language(code: str) -> Language:
    found = by_code(code)
    assert found is not None
    return found


def editor(name: str = "ed") -> User:
    """A person who writes, translates and publishes in every language, and reviews nothing."""
    return person(name, "writer", "translator", "publisher")


def reviewer(name: str = "rev") -> User:
    """A person who reviews in every language."""
    return person(name, "reviewer")


def person(name: str, *roles: str) -> User:
    """A member of staff with these roles: `reviewer` in all languages, `reviewer:tr` in one."""
    user, is_new = User.objects.get_or_create(username=name, defaults={"is_staff": True})
    if is_new:
        for role in roles:
            kind, _colon, code = role.partition(":")
            Role.objects.create(user=user, kind=kind, language=code)
    return user


def document(number: int) -> Document:
    """The document of a port."""
    return Document.objects.get_or_create(kind="port", port=Port(number))[0]


def add(owner: Document, model: type[Any], **values: Any) -> Any:
    """Add a working row to a document; texts are given by column (`title_en`)."""
    kind = kind_of_part(owner.kind, NAMES[model])
    working.insert(kind, owner, values)
    return model._default_manager.order_by("-pk").first()


def usage(**values: Any) -> tuple[Document, Usage]:
    """A usage with its document, as a draft."""
    with working.source_columns():
        row = Usage.objects.create(**values)
    return Document.objects.create(kind="usage", usage=row), row


def gloss(**values: Any) -> tuple[Document, Gloss]:
    """A gloss with its document, as a draft."""
    with working.source_columns():
        row = Gloss.objects.create(**values)
    return Document.objects.create(kind="gloss", gloss=row), row


def write(row: Any, **values: Any) -> None:
    """Change columns of a working row."""
    working.update(type(row), row.pk, values)


def write_text(row: Any, text: str, code: str, value: str) -> None:
    """Change a text of a working row in one language."""
    working.update(type(row), row.pk, {column(text, language(code)): value})


def every_column(rows: Any) -> list[tuple[Any, ...]]:
    """Rows with all their columns: `values()` of translated models has but one language's.

    A text that nobody wrote is NULL or empty, and both say the same: it is given as empty.
    """
    columns = [field.attname for field in rows.model._meta.concrete_fields]
    found = (rows.rewrite(False) if hasattr(rows, "rewrite") else rows).values_list(*columns)
    return [tuple("" if value is None else value for value in row) for row in found]


def save(owner: Document) -> dict[str, Revision]:
    """Make revisions of what was changed; by language code."""
    saved = publishing.save_revision(document=owner, by=editor())
    return {each.code: revision for each, revision in saved.items()}


def approve(owner: Document, *codes: str) -> None:
    """Have the latest revisions reviewed, where they are not approved yet."""
    for code in codes or (SOURCE.code,):
        edition = Edition.objects.select_related("latest_revision").get(
            document=owner, language=code
        )
        assert edition.latest_revision is not None
        what = {
            "document": owner, "language": language(code), "number": edition.latest_revision.number,
        }  # fmt: skip
        if edition.work in (Edition.Work.DRAFT, Edition.Work.CHANGES_REQUESTED):
            publishing.submit(**what, by=editor())
            edition.work = Edition.Work.IN_REVIEW
        if edition.work == Edition.Work.IN_REVIEW:
            publishing.approve(**what, by=reviewer())


def publish(owner: Document, *codes: str) -> None:
    """Save, have reviewed and publish, English first."""
    save(owner)
    for code in codes or (SOURCE.code,):
        approve(owner, code)
        publishing.publish(document=owner, language=language(code), by=editor())


def published_article(
    number: int, *, body: str = "A story.", **texts: str
) -> tuple[Document, Article]:
    """A port with a live English article."""
    owner = document(number)
    article = add(owner, Article, title_en="A title", body_en=body, **texts)
    publish(owner)
    return owner, article
