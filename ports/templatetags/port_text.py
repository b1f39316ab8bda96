"""The sentences around registry facts, for templates."""

from datetime import UTC, datetime

from django import template

from ports import change_sentences, formats, sentences
from ports.editorial.rendering import Fragment, PageTexts
from ports.models import Revision

register = template.Library()

for sentence in (
    change_sentences.column_name,
    change_sentences.gone_since,
    change_sentences.kept_since,
    change_sentences.new_names,
    change_sentences.registry_of,
    change_sentences.seen_in,
    sentences.alias,
    sentences.coverage,
    sentences.ephemeral,
    sentences.malware_found,
    sentences.modified,
    sentences.nothing_known,
    sentences.other_names,
    sentences.outside_hint,
    sentences.people,
    sentences.port_range,
    sentences.protocol_status,
    sentences.registrant,
    sentences.registry_text,
    sentences.snapshot_note,
    sentences.transports,
    sentences.typed_text,
    sentences.status_name,
    formats.number,
    formats.registry_date,
):
    register.filter(sentence.__name__, sentence)

register.simple_tag(sentences.span, name="span")
register.filter("change_sentence", change_sentences.change)


@register.filter
def day(moment: datetime) -> str:
    """The day of a moment, in UTC, in words."""
    return formats.registry_date(moment.astimezone(UTC).date().isoformat())


@register.filter
def significance(value: str) -> str:
    """How much a change of a text matters to its translations."""
    return str(Revision.Significance(value).label)


@register.simple_tag
def gloss_of(texts: PageTexts, service_name: str) -> Fragment | None:
    """The explanation of a service on a page, or None."""
    return texts.glosses.get(service_name.lower())
