"""The sentences around registry facts, for templates."""

from django import template

from ports import formats, sentences

register = template.Library()

for sentence in (
    sentences.alias,
    sentences.coverage,
    sentences.modified,
    sentences.outside_hint,
    sentences.port_range,
    sentences.protocol_status,
    sentences.registrant,
    sentences.registry_text,
    sentences.snapshot_note,
    sentences.transports,
    sentences.typed_text,
    sentences.status_name,
    formats.number,
):
    register.filter(sentence.__name__, sentence)

register.simple_tag(sentences.span, name="span")
