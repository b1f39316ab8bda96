"""What the text pages of ports and services have in common."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _

from ports import change_sentences, sentences
from ports.change_facts import ToldChange
from ports.editorial.contributors import Contributors
from ports.editorial.footnotes import Note
from ports.editorial.rendering import Fragment, PageTexts
from ports.formats import registry_date
from ports.languages import Language
from ports.models import Snapshot
from ports.port_facts import Registration
from ports.web.text_pages.runs import Run, Style
from ports.web.text_pages.sheet import Sheet

_LONGEST_NOTES = 240
_INNER = 4


def notices(sheet: Sheet, texts: PageTexts) -> None:
    """What to know before reading texts that are not translated, or no longer rightly."""
    if not texts.is_translated:
        sheet.gap()
        sheet.paragraph(
            _(
                "Some texts on this page are not translated into your language yet and are shown "
                "in English."
            )
        )
    if texts.is_outdated:
        sheet.gap()
        sheet.paragraph(
            _(
                "The English text has changed in an important way since this translation was made. "
                "What it says here may no longer be right."
            ),
            style=Style.WARNING,
        )


def registration(
    sheet: Sheet, record: Registration, language: Language, gloss: Fragment | None = None
) -> None:
    """One registered service."""
    sheet.gap()
    where = f"  {record.where}" if record.where else ""
    sheet.runs([Run(record.name or _("No service name"), Style.STRONG), Run(where)])
    sheet.paragraph(sentences.registry_text(record.description) if record.description else "",
                    indent=_INNER)  # fmt: skip
    if gloss:
        sheet.blocks(gloss, indent=_INNER)
    sheet.paragraph(
        sentences.coverage(record),
        sentences.registrant(record),
        sentences.modified(record),
        sentences.alias(record, language),
        indent=_INNER,
    )
    if record.references:
        documents = [Run(reference.text) for reference in record.references]
        sheet.runs([Run(f"{_('Reference documents:')} "), *_between(documents)], indent=_INNER)
    if record.unauthorized_use:
        sheet.runs(
            [
                Run(f"{_('The registry reports unauthorized use:')} ", Style.WARNING),
                Run(record.unauthorized_use),
            ],
            indent=_INNER,
        )
    if record.notes:
        sheet.runs([Run(f"{_('Notes in the registry')}: {_shortened(record.notes)}")],
                   indent=_INNER)  # fmt: skip


def remarks(sheet: Sheet, said: Iterable[str]) -> None:
    """What records that assign nothing say."""
    for remark in said:
        sheet.gap()
        sheet.runs([Run(f"{_('Remark in the registry:')} {remark}")])


def changes(sheet: Sheet, told: Iterable[ToldChange]) -> None:
    """What changed in the registry, newest first."""
    sheet.heading(_("History in the registry"))
    for change in told:
        sheet.paragraph(
            change_sentences.change(change), change_sentences.seen_in(change.snapshot), marker="- "
        )


def sources(sheet: Sheet, notes: Iterable[Note]) -> None:
    """The numbered sources, and behind them the addresses that links in the texts lead to."""
    sheet.heading(_("Sources"))
    for note in notes:
        source = note.source
        told = [source["title"], source["publisher"], registry_date(source["published"])]
        sheet.runs([*_between(Run(each) for each in told if each)], marker=_marker(note.number))
        if source["url"]:
            sheet.address(source["url"], indent=2 + len(_marker(note.number)))
    for number, url in sheet.links:
        sheet.address(f"{_marker(number)}{url}")


def footer(
    sheet: Sheet,
    texts: PageTexts | None,
    contributed: Contributors | None,
    snapshot: Snapshot | None,
    path: str,
) -> None:
    """Who vouches for the page, which registry it shows, and where it is on the web."""
    sheet.rule()
    if texts and contributed:
        sheet.paragraph(_reviewed(texts), indent=0)
        sheet.paragraph(*_licence(contributed), indent=0)
    if snapshot:
        sheet.paragraph(sentences.snapshot_note(snapshot), indent=0)
    sheet.address(f"{settings.SITE_URL}{path}", indent=0)


def _reviewed(texts: PageTexts) -> str:
    if texts.reviewed_on:
        return _("Reviewed by an editor who did not write it: %(reviewed_on)s") % {
            "reviewed_on": texts.reviewed_on
        }
    return _("Not yet reviewed: some texts on this page were checked by nobody but their authors.")


def _licence(contributed: Contributors) -> Iterable[str]:
    if contributed.writers:
        yield sentences.fill(_("Text: %(names)s."), names=sentences.people(contributed.writers))
    if contributed.translators:
        yield sentences.fill(
            _("Translation: %(names)s."), names=sentences.people(contributed.translators)
        )
    yield f"{_('Licence of the texts:')} CC BY 4.0"


def _marker(number: int) -> str:
    return f"[{number}] "


def _between(runs: Iterable[Run]) -> list[Run]:
    """Runs with commas between them."""
    listed: list[Run] = []
    for run in runs:
        listed += [Run(_(", ")), run] if listed else [run]
    return listed


def _shortened(notes: str) -> str:
    """Long notes to the end of a word; the page has all of them."""
    text = " ".join(notes.split())
    if len(text) <= _LONGEST_NOTES:
        return text
    return f"{text[:_LONGEST_NOTES].rpartition(' ')[0]} …"
