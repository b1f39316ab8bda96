"""What waits for an editor: the editions that somebody with their roles should work on."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ports import roles
from ports.languages import SOURCE, Language, by_code
from ports.models import Document, Edition, User
from ports.roles import Deed

MOST: Final = 50

_Work = Edition.Work
_Staleness = Edition.Staleness


class Waiting(NamedTuple):
    """An edition that waits for somebody: about what, in which language, what to do, since when."""

    name: str
    language: Language
    what: str
    since: datetime
    address: str


def waiting_for(user: User) -> list[Waiting]:
    """What waits for somebody, the oldest first, at most MOST of them. One query."""
    writes, reviews, publishes = (_codes(user, deed) for deed in Deed)
    behind = [_Staleness.MEDIUM.value, _Staleness.MAJOR.value]
    condition = (
        Q(work=_Work.CHANGES_REQUESTED.value, language__in=writes)
        | Q(work=_Work.IN_REVIEW.value, language__in=reviews) & ~Q(latest_revision__created_by=user)
        | Q(work=_Work.APPROVED.value, language__in=publishes, scheduled_revision=None)
        & (Q(live_revision=None) | ~Q(live_revision=F("latest_revision")))
        | Q(staleness__in=behind, language__in=[code for code in writes if code != SOURCE.code])
    )
    rows = (
        Edition.objects.filter(condition)
        .order_by("latest_revision__created_at", "pk")
        .values(
            "language",
            "work",
            "document__kind",
            "document__port_id",
            "document__usage_id",
            "document__usage__name",
            "document__gloss_id",
            "document__gloss__service_name",
            "live_revision_id",
            "latest_revision_id",
            "latest_revision__created_at",
        )
    )
    return [_waiting(row) for row in rows[:MOST]]


def _codes(user: User, deed: Deed) -> list[str]:
    return [language.code for language in roles.languages(user, deed)]


def _waiting(row: dict[str, Any]) -> Waiting:
    kind = row["document__kind"]
    pk = row[f"document__{kind}_id"]
    name = {
        Document.Kind.PORT: str(pk),
        Document.Kind.USAGE: row["document__usage__name"],
        Document.Kind.GLOSS: row["document__gloss__service_name"],
    }[kind]
    return Waiting(
        name,
        by_code(row["language"]) or SOURCE,
        _what(row),
        row["latest_revision__created_at"],
        reverse(f"admin:ports_{kind}_publishing", args=[pk]),
    )


def _what(row: dict[str, Any]) -> str:
    # Translators: these four are what an editor is to do with a text.
    if row["work"] == _Work.CHANGES_REQUESTED:
        return _("Change what the reviewer asks for")
    if row["work"] == _Work.IN_REVIEW:
        return pgettext("what to do", "Review")
    if row["work"] == _Work.APPROVED and row["live_revision_id"] != row["latest_revision_id"]:
        return pgettext("what to do", "Publish")
    return _("Bring up to date with the English text")
