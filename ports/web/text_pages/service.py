"""The pages of services as plain text: of those that are registered, and of those that were."""

from django.urls import reverse
from django.utils.translation import gettext as _

from ports import change_sentences, sentences
from ports.editorial.contributors import contributors
from ports.editorial.page_content import LiveDocument
from ports.languages import Language
from ports.models import Assignment, RegistryChange
from ports.port_facts import as_tools_write
from ports.web.contents import ServiceContent, gone_service_content, service_content
from ports.web.text_pages import parts
from ports.web.text_pages.sheet import Sheet


def service_text(
    language: Language,
    name: str,
    records: list[Assignment],
    documents: list[LiveDocument],
    *,
    is_coloured: bool,
) -> tuple[str, bool]:
    """The text on a service, and whether all of it is in the language."""
    content = service_content(language, name, records, documents)
    texts = content.texts
    sheet = Sheet(texts.notes)
    sheet.title(name)
    sheet.gap()
    sheet.paragraph(_lead(content))
    if gloss := texts.glosses.get(name.lower()):
        parts.notices(sheet, texts)
        sheet.gap()
        sheet.blocks(gloss)
    sheet.heading(_("What the registry says"))
    for record in content.registrations:
        parts.registration(sheet, record, language)
    parts.remarks(sheet, content.remarks)
    if content.other_names:
        sheet.gap()
        sheet.paragraph(sentences.other_names(content.other_names, language))
    parts.changes(sheet, content.changes)
    parts.sources(sheet, texts.notes)
    path = reverse("service", args=[language, name])
    parts.footer(sheet, texts, contributors(documents, language), content.snapshot, path)
    return sheet.text(is_coloured=is_coloured), texts.is_translated


def gone_service_text(
    language: Language, name: str, changes: list[RegistryChange], *, is_coloured: bool
) -> str:
    """The text on a name that no record carries any more, whose changes these are."""
    content = gone_service_content(name, changes)
    sheet = Sheet()
    sheet.title(name)
    sheet.gap()
    sheet.paragraph(
        change_sentences.gone_since(content.since),
        change_sentences.new_names(content.new_names, language) if content.new_names else "",
    )
    sheet.heading(_("Last known facts"))
    for record in content.registrations:
        parts.registration(sheet, record, language)
    parts.remarks(sheet, content.remarks)
    parts.changes(sheet, content.changes)
    parts.sources(sheet, [])
    path = reverse("service", args=[language, name])
    parts.footer(sheet, None, None, content.snapshot, path)
    return sheet.text(is_coloured=is_coloured)


def _lead(content: ServiceContent) -> str:
    if content.ports:
        spans = ", ".join(as_tools_write(first, last, []) for first, last in content.ports)
        return f"{_('Registered port numbers:')} {spans}"
    if content.registrations:
        return _(
            "This service is registered without a port: programs find where it listens by other "
            "means, such as DNS."
        )
    return _("This service has no registration in force.")
