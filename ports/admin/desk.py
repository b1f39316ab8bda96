"""What waits for an editor: the editions that somebody with their roles should work on."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db.models import Case, F, IntegerField, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ports import roles
from ports.languages import SOURCE, Language, by_code
from ports.models import Document, Edition, User
from ports.roles import Deed

MOST: Final = 50

_Work = Edition.Work


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
    translates = [code for code in writes if code != SOURCE.code]
    behind = Q(staleness__in=[Edition.Staleness.MEDIUM.value, Edition.Staleness.MAJOR.value])
    # Translators: these four are what an editor is to do with a text.
    reasons = {
        _("Change what the reviewer asks for"): Q(
            work=_Work.CHANGES_REQUESTED.value, language__in=writes
        ),
        pgettext("what to do", "Review"): Q(work=_Work.IN_REVIEW.value, language__in=reviews)
        & ~Q(latest_revision__created_by=user),
        pgettext("what to do", "Publish"): Q(
            work=_Work.APPROVED.value, language__in=publishes, scheduled_revision=None
        )
        & (Q(live_revision=None) | ~Q(live_revision=F("latest_revision"))),
        _("Bring up to date with the English text"): behind & Q(language__in=translates),
    }
    told = [*reasons]
    rows = (
        Edition.objects.annotate(
            reason=Case(
                *(When(where, then=Value(place)) for place, where in enumerate(reasons.values())),
                output_field=IntegerField(),
            )
        )
        .filter(reason__isnull=False)
        .order_by("latest_revision__created_at", "pk")
        .values_list(
            "language",
            "latest_revision__created_at",
            "document__kind",
            "document__port_id",
            "document__usage_id",
            "document__gloss_id",
            "document__usage__name",
            "document__gloss__service_name",
            "reason",
        )
    )
    return [_waiting(row, told[row[-1]]) for row in rows[:MOST]]


def _codes(user: User, deed: Deed) -> list[str]:
    return [language.code for language in roles.languages(user, deed)]


def _waiting(row: tuple[Any, ...], what: str) -> Waiting:
    language, since, kind, port, usage, gloss, usage_name, service_name, _reason = row
    pk, name = {
        Document.Kind.PORT: (port, str(port)),
        Document.Kind.USAGE: (usage, usage_name),
        Document.Kind.GLOSS: (gloss, service_name),
    }[kind]
    address = reverse(f"admin:ports_{kind}_publishing", args=[pk])
    return Waiting(name, by_code(language) or SOURCE, what, since, address)
