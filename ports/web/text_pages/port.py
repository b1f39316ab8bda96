"""The page of a port as plain text."""

from django.urls import reverse
from django.utils.translation import gettext as _

from ports import change_sentences, sentences
from ports.check_commands import EXAMPLE_HOST, Commands, commands_for
from ports.editorial.contributors import contributors
from ports.editorial.page_content import LiveDocument
from ports.editorial.rendering import AssessmentTexts, UsageTexts
from ports.languages import Language
from ports.models import Assessment, Usage
from ports.port_facts import PortFacts, as_tools_write
from ports.web.contents import PortContent, port_content
from ports.web.text_pages import parts
from ports.web.text_pages.runs import Run, Style
from ports.web.text_pages.sheet import Sheet
from ports.web.text_pages.wrapping import cells
from ports.web.timeline import Event


def port_text(
    language: Language, number: int, documents: list[LiveDocument], *, is_coloured: bool
) -> tuple[str, bool]:
    """The text, and whether all of it is in the language."""
    content = port_content(language, number, documents)
    facts, texts = content.facts, content.texts
    article = texts.article
    sheet = Sheet(texts.notes)
    title = _("Port %(number)s") % {"number": number}
    sheet.title(" – ".join(filter(None, [title, ", ".join(facts.service_names)])))
    sheet.gap()
    sheet.paragraph(sentences.answer(facts))
    parts.notices(sheet, texts)
    if article and article.summary:
        sheet.gap()
        sheet.paragraph(article.summary)
    _registry(sheet, content, language)
    _worry(sheet, content)
    if article:
        if article.body:
            sheet.heading(article.title)
            sheet.blocks(article.body)
        else:
            sheet.gap()
            sheet.paragraph(article.title, style=Style.STRONG)
    _usages(sheet, texts.usages)
    _check(sheet, facts)
    if article and article.lesson:
        sheet.heading(_("What this port teaches"))
        sheet.blocks(article.lesson)
    _timeline(sheet, content.timeline)
    sheet.heading(_("Questions and answers"))
    for entry in texts.questions:
        sheet.gap()
        sheet.paragraph(entry.question, style=Style.STRONG)
        sheet.blocks(entry.answer)
    parts.sources(sheet, texts.notes)
    path = reverse("port", args=[language, number])
    parts.footer(sheet, texts, contributors(documents, language), facts.snapshot, path)
    return sheet.text(is_coloured=is_coloured), texts.is_translated


def _registry(sheet: Sheet, content: PortContent, language: Language) -> None:
    facts, texts = content.facts, content.texts
    sheet.heading(_("What the registry says"))
    names = [(p.transport.upper(), sentences.status_name(p.status)) for p in facts.protocols]
    widths = [max(map(cells, column)) for column in zip(*names, strict=True)]
    for protocol, (transport, status) in zip(facts.protocols, names, strict=True):
        meaning = sentences.protocol_status(protocol)
        if language.direction == "rtl":
            sheet.paragraph(f"{transport} – {status}.", meaning)
        else:
            columns = zip((Run(transport), Run(status, Style.STRONG)), widths, strict=True)
            sheet.row(*columns, rest=meaning)
    for record in facts.registrations:
        parts.registration(sheet, record, language, texts.glosses.get(record.name.lower()))
    parts.remarks(sheet, facts.remarks)


def _worry(sheet: Sheet, content: PortContent) -> None:
    facts, texts = content.facts, content.texts
    sheet.heading(_("Should you worry?"))
    if texts.assessment:
        _assessment(sheet, texts.assessment)
    elif texts.has_malware:
        sheet.paragraph(sentences.malware_found(facts.number), style=Style.STRONG)
    else:
        sheet.paragraph(sentences.nothing_known(facts.number))
    if facts.ephemeral_on:
        sheet.gap()
        sheet.paragraph(sentences.ephemeral(facts.number))
        for system, first, last in facts.ephemeral_on:
            sheet.runs([Run(f"{system}: {first}–{last}")], marker="- ")


def _assessment(sheet: Sheet, assessment: AssessmentTexts) -> None:
    is_high = assessment.level == Assessment.Level.HIGH
    as_of = _("(as of: %(date)s)") % {"date": assessment.as_of}
    level = Run(assessment.label, Style.WARNING if is_high else Style.STRONG)
    sheet.runs([level, Run(f" {as_of}")])
    sheet.blocks(assessment.expected)
    if assessment.exposure:
        sheet.gap()
        sheet.runs([Run(_("From where it should be reachable"), Style.STRONG)])
        sheet.blocks(assessment.exposure)


def _usages(sheet: Sheet, usages: list[UsageTexts]) -> None:
    sheet.heading(_("What really uses this port"))
    for usage in usages:
        is_malware = usage.kind == Usage.Kind.MALWARE
        transports = [usage.transport] if usage.transport else []
        where = as_tools_write(usage.first_port, usage.last_port, transports)
        label = Run(usage.label, Style.WARNING if is_malware else Style.PLAIN)
        sheet.gap()
        sheet.runs([Run(usage.name, Style.STRONG), Run(" – "), label, Run(f"  {where}")])
        sheet.blocks(usage.description, indent=4)


def _check(sheet: Sheet, facts: PortFacts) -> None:
    number = facts.number
    commands: Commands = commands_for(number, speaks_tls=facts.speaks_tls)
    sheet.heading(_("How to see which program uses port %(number)s") % {"number": number})
    for system, listed in (
        ("Linux", commands.linux),
        ("macOS", commands.macos),
        ("Windows PowerShell", commands.powershell),
        (_("Windows command prompt"), commands.windows_prompt),
    ):
        sheet.runs([Run(system)])
        for command in listed:
            sheet.command(command)
    sheet.gap()
    sheet.runs([Run(_("From another computer"))])
    sheet.paragraph(sentences.outside_hint(EXAMPLE_HOST))
    for command in (*commands.outside_tcp, *commands.outside_udp):
        sheet.command(command)


def _timeline(sheet: Sheet, events: list[Event]) -> None:
    sheet.heading(_("Timeline"))
    for event in events:
        # Translators: marks an event that the registry tells, among events that editors tell.
        origin = _("From the registry") if event.is_of_registry else ""
        sheet.paragraph(
            f"{event.when}:",
            f"({origin})" if origin else "",
            event.title,
            marker="- ",
        )
        sheet.blocks(event.text, indent=4)
        if event.change:
            sheet.paragraph(change_sentences.seen_in(event.change.snapshot), indent=4)
