"""How useful pages are to their readers: an overview by language, and a page for each page."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, NamedTuple

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from feedback.chart import Chart, chart_of
from feedback.models import DailyTally, Face, FollowUp, Tally
from feedback.runs import Run, runs_of
from feedback.scores import Score, Votes, score
from ports.admin.registry import ReadOnlyAdmin
from ports.admin.role_permissions import ReadByRoles
from ports.editorial.revision_history import histories
from ports.languages import LANGUAGES, Language, by_code
from ports.models import Document, Port

MOST_COMMENTS: Final = 50
LATELY: Final = timedelta(days=90)


class Row(NamedTuple):
    """The pages of a language: the votes of the last 90 days, and the comments nobody has read."""

    language: Language
    pages: int
    votes: Votes
    score: Score
    new_comments: int


class Text(NamedTuple):
    """One text of a page: its votes, and how useful it was by them."""

    run: Run
    language: Language | None
    score: Score


@admin.register(Tally)
class UsefulnessAdmin(ReadByRoles, ReadOnlyAdmin):
    """Its own pages in the place of Django's list, for everybody who has a role."""

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(require_safe(self.overview_view)), name="feedback_tally_changelist"),
            path(
                "<int:number>/<str:code>/", wrap(require_safe(self.page_view)), name="feedback_page"
            ),
        ]

    def overview_view(self, request: HttpRequest) -> HttpResponse:
        """The languages, and how useful their pages are."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self._shown(
            request,
            "admin/feedback/overview.html",
            title=_("Usefulness by language"),
            rows=_rows(datetime.now(UTC).date()),
            faces=[(face.value, face.label) for face in Face],
            days=LATELY.days,
        )

    def page_view(self, request: HttpRequest, number: int, code: str) -> HttpResponse:
        """What readers of one page say."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        language = by_code(code)
        if language is None or not Port.objects.filter(pk=number).exists():
            raise Http404
        daily = _daily(number, language)
        document = Document.objects.filter(port=number).first()
        return self._shown(
            request,
            "admin/feedback/page.html",
            title=_("What readers say"),
            subtitle=f"{number} – {language.name}",
            number=number,
            language=language,
            languages=LANGUAGES,
            chart=_chart(number, language, daily),
            life=_summed(daily),
            texts=[
                Text(run, by_code(run.text_language), score(run.votes))
                for run in runs_of([(number, language.code)])[number, language.code]
            ],
            comments=FollowUp.objects.filter(vote__port=number, vote__language=language.code)
            .exclude(state=FollowUp.State.SPAM)
            .select_related("vote")
            .order_by("-id")[:MOST_COMMENTS],
            faces=[(face.value, face.label) for face in Face],
            publishing=reverse("admin:ports_port_publishing", args=[number]) if document else "",
        )

    def _shown(
        self, request: HttpRequest, template: str, *, title: str, **context: Any
    ) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        return TemplateResponse(request, template, {**shared, **context})


def _rows(today: date) -> list[Row]:
    """Every language: those with the most new comments first, then by votes. Two queries."""
    counted = {
        code: (pages, Votes(*votes))
        for code, pages, *votes in DailyTally.objects.filter(day__gt=today - LATELY)
        .values_list("language")
        .annotate(Count("port", distinct=True), Sum("sad"), Sum("doubtful"), Sum("happy"))
    }
    new = dict(
        FollowUp.objects.filter(state=FollowUp.State.NEW)
        .values_list("vote__language")
        .annotate(Count("id"))
    )
    rows = []
    for language in LANGUAGES:
        pages, votes = counted.get(language.code, (0, Votes(0, 0, 0)))
        rows.append(Row(language, pages, votes, score(votes), new.get(language.code, 0)))
    return sorted(rows, key=lambda row: (-row.new_comments, -row.votes.total))


def _daily(number: int, language: Language) -> dict[date, Votes]:
    rows = DailyTally.objects.filter(port=number, language=language.code)
    return {day: Votes(*votes) for day, *votes in rows.values_list("day", *Votes._fields)}


def _summed(daily: dict[date, Votes]) -> Votes:
    return Votes(*(sum(votes[index] for votes in daily.values()) for index in range(3)))


def _chart(number: int, language: Language, daily: dict[date, Votes]) -> Chart | None:
    """The chart, with what was live when in the page's language, or else in English."""
    told = histories(number, language)
    began = [
        (span.since.date(), str(version.number))
        for history in told[:1]
        for version in history.versions
        for span in version.spans
    ]
    return chart_of(daily, began, until=datetime.now(UTC).date())
