"""Work items in words: what they are about, why somebody should look, and where to."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final, NamedTuple

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ports import source_links
from ports.formats import number
from ports.languages import SOURCE, by_code
from ports.models import Claim, Document, Edition, SourceLink, WorkItem
from ports.sentences import fill, registry_text


class Places(NamedTuple):
    """Where a document is edited, translated, published and read.

    `translation` is "" for an English text, and `page` while no reader sees it.
    """

    form: str
    translation: str
    publishing: str
    page: str


def with_names(items: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
    """Items with all that `name_of` and `places` need, without their documents' many texts."""
    return items.select_related("document").annotate(
        usage_name=F("document__usage__name"), service_name=F("document__gloss__service_name")
    )


def open_items_of(document: Document) -> list[WorkItem]:
    """The open items of a document, the weightiest first."""
    items = WorkItem.objects.filter(document=document, outcome="")
    return list(items.select_related("owner").order_by("-severity", "id"))


def name_of(item: Any) -> str:
    """What an item is about: the number of a port, or the name of a usage or a service."""
    return str(item.document.port_id if item.document.port_id is not None else "") or (
        item.usage_name or item.service_name
    )


def places(item: WorkItem) -> Places:
    """Where an editor goes from an item."""
    document = item.document
    admin = f"admin:ports_{document.kind}"
    pk = document.owner[1]
    return Places(
        reverse(f"{admin}_change", args=[pk]),
        ""
        if item.language == SOURCE.code
        else reverse(f"{admin}_translate", args=[pk, item.language]),
        reverse(f"{admin}_publishing", args=[pk]),
        _page(document, item.language),
    )


def why(item: WorkItem) -> list[str]:
    """Why somebody should look, in sentences, as text or HTML."""
    return _WHY[WorkItem.Kind(item.kind)](item)


def _page(document: Document, code: str) -> str:
    if document.kind == Document.Kind.GLOSS:
        name = document.live_service_name
        return reverse("service", args=[by_code(code), name]) if name else ""
    port = document.port_id
    if document.kind == Document.Kind.USAGE:
        port = document.live_first_port
    return "" if port is None else reverse("port", args=[by_code(code), port])


def _registry_changed(item: WorkItem) -> list[str]:
    said = []
    if item.evidence.get("about"):
        said.append(_("The registry says something else of what this document is about."))
    if item.evidence.get("claims"):
        said.append(_("The registry says something else of what its claims name."))
    cited_in = [by_code(code) for code in item.evidence.get("cited_in", [])]
    if cited_in:
        said.append(
            # Translators: %(languages)s is a list of languages by their own names.
            _("The registry says something else of what its texts cite, in: %(languages)s.")
            % {"languages": ", ".join(language.name for language in cited_in if language)}
        )
    said += [_denied(claim) for claim in item.evidence.get("denied", [])]
    return said


def _denied(claim: dict[str, Any]) -> SafeString:
    return fill(
        # Translators: %(where)s is a port such as "3440/tcp", %(kind)s something like "its status
        # is", %(value)s the rest of the claim.
        _("The registry denies the claim “%(where)s: %(kind)s %(value)s”."),
        where=registry_text(f"{claim.get('port')}/{claim.get('transport')}"),
        kind=str(Claim.Kind(claim["kind"]).label),
        value=registry_text(str(claim.get("value"))),
    )


def _translation_behind(item: WorkItem) -> list[str]:
    revision = item.evidence.get("source_revision")
    said = [str(Edition.Staleness(item.evidence.get("staleness", "medium")).label)]
    if revision:
        said.append(
            _("Revision %(number)s of the English text is what readers see now.")
            % {"number": revision}
        )
    said.append(_("The page “Publishing” shows what changed in English."))
    return said


def _day_has_come(item: WorkItem) -> list[str]:
    day = formats.date_format(date.fromisoformat(item.cause), "DATE_FORMAT")
    return [_("An editor wanted it looked at again on this day: %(day)s.") % {"day": day}]


def _dead_link(item: WorkItem) -> list[str]:
    said = item.evidence
    link = SourceLink(status=said.get("status"), failure=said.get("failure") or "")
    return [
        format_html(
            '{} <bdi dir="ltr">{}</bdi> ({})',
            _("This address of a source no longer answers:"),
            said.get("url", item.cause),
            source_links.reason(link),
        )
    ]


def _readers(item: WorkItem) -> list[str]:
    """The evidence, where there is some: votes are counts of sad, doubtful and happy faces."""
    said = item.evidence
    sentences = [_("Readers say that this page is of little use, or wrong.")]
    reasons = said.get("reasons", [])
    if "below_median" in reasons:
        sentences.append(
            # Translators: %(share)s is a number, such as 64. A happy face counts as 100, a doubtful
            # one as 50, a sad one as 0; half of the site's pages lie above it, half below.
            _("Its answers are surely below the middle of this site’s pages, which is %(share)s.")
            % {"share": number(round(said["median"] * 100))}
        )
    if "dropped" in reasons:
        sentences.append(_("Its answers are surely worse than before the text was changed."))
    if said.get("wrong"):
        sentences.append(
            ngettext(
                "%(count)s reader says that something is wrong.",
                "%(count)s readers say that something is wrong.",
                said["wrong"],
            )
            % {"count": number(said["wrong"])}
        )
    if said.get("before"):
        sentences.append(_("Before: %(answers)s") % {"answers": _answers(said["before"])})
    if said.get("after"):
        sentences.append(
            # Translators: what readers answered since the text was changed last.
            _("Since revision %(number)s: %(answers)s")
            % {"number": said["revision"], "answers": _answers(said["after"])}
            if said.get("revision")
            else _("Now: %(answers)s") % {"answers": _answers(said["after"])}
        )
    if said.get("address"):
        sentences.append(
            format_html('<a href="{}">{}</a>', said["address"], _("The readers’ answers over time"))
        )
    return sentences


def _answers(counts: list[int]) -> str:
    sad, doubtful, happy = map(number, counts)
    # Translators: how many readers gave which answer to "Was this page useful?".
    return _("%(happy)s yes, %(doubtful)s partly, %(sad)s no") % {
        "happy": happy,
        "doubtful": doubtful,
        "sad": sad,
    }


_WHY: Final[dict[WorkItem.Kind, Callable[[WorkItem], list[str]]]] = {
    WorkItem.Kind.REGISTRY_CHANGE: _registry_changed,
    WorkItem.Kind.STALE_TRANSLATION: _translation_behind,
    WorkItem.Kind.REVIEW_DATE: _day_has_come,
    WorkItem.Kind.DEAD_LINK: _dead_link,
    WorkItem.Kind.READERS: _readers,
}
