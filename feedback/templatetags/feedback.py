"""The question below a page."""

from django import template

from feedback.models import Face
from ports.languages import Language

register = template.Library()


@register.inclusion_tag("feedback/widget.html")
def vote_widget(language: Language, number: int) -> dict[str, object]:
    """ "Was this page useful?" with three faces, for the page of port `number`."""
    return {
        "language": language,
        "number": number,
        "faces": [(face.value, face.label) for face in Face],
    }
