"""The question below a page."""

from django import template

from feedback import published
from feedback.models import Face
from feedback.page_reference import PageReference, signed
from feedback.scores import Score
from ports.editorial.page_content import ShownRevision
from ports.formats import number as in_digits
from ports.languages import Language

register = template.Library()


@register.inclusion_tag("feedback/widget.html")
def vote_widget(
    language: Language, number: int, revision: ShownRevision | None
) -> dict[str, object]:
    """ "Was this page useful?" with three faces, for the page of port `number`.

    `revision` is that of the article on the page, None where there is none.
    """
    shown = PageReference(
        number,
        language,
        revision.language if revision else None,
        revision.number if revision else 0,
    )
    return {
        "language": language,
        "page": signed(shown),
        "faces": [(face.value, face.label) for face in Face],
        "tally": published.told_on(number, language),
    }


@register.filter
def bounds(found: Score) -> str:
    """A score in per cent with its bounds: "72 (61–81)"."""
    mean, low, high = (round(value * 100) for value in found)
    return f"{in_digits(mean)} ({in_digits(low)}–{in_digits(high)})"


@register.filter
def on_axis(value: float) -> str:
    """Where a share, 0..1, stands on the axis of an interval."""
    return f"{2 + 100 * value:.1f}"
