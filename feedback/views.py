"""Taking a reader's answer, and thanking for it."""

from datetime import UTC, datetime
from functools import wraps
from typing import Any, Final, Protocol

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from feedback import follow_ups, page_reference, receipts, voting
from feedback.limits import LimitReachedError
from feedback.models import Face, FollowUp, Vote
from feedback.origins import is_from_another_site
from ports.clients.address import address_of
from ports.languages import Language, by_code
from ports.web.errors import problem
from ports.web.page import page

TRAP: Final = "website"
"""A field that no reader sees, and programs fill in."""
_MINUTE: Final = 60


class _View(Protocol):
    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse: ...


def _answers(view: _View) -> _View:
    """What all forms of readers share: whose they may be, and what is said when they fail."""

    # Pages carry no cookie and hence no token: where the form came from is asked instead.
    @csrf_exempt
    @require_POST
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_from_another_site(request):
            return problem(
                request,
                status=403,
                title=_("Answer not taken"),
                message=_("Answers are taken only from the pages of this site."),
            )
        try:
            return view(request, *args, **kwargs)
        except LimitReachedError as error:
            return _too_many(request, error.retry_after)
        except receipts.ReceiptExpiredError:
            return _expired(request)
        except (OperationalError, InterfaceError):
            return _not_stored(request)

    return guarded


@_answers
def vote(request: HttpRequest) -> HttpResponse:
    """Store the vote of a page's form, or change one, and lead on to the thank-you page."""
    face = request.POST.get("face", "")
    token = request.POST.get("token", "")
    now = datetime.now(UTC)
    if face not in Face.values:
        return _not_understood(request)
    try:
        if token:
            vote = voting.change(
                vote_id=receipts.read(token, now).vote_id,
                face=Face(face),
                address=address_of(request),
                now=now,
            )
        else:
            vote = voting.cast(
                page=page_reference.read(request.POST.get("page", "")),
                face=Face(face),
                address=address_of(request),
                now=now,
            )
    except receipts.ReceiptExpiredError:
        raise
    except (page_reference.PageReferenceError, receipts.ReceiptError, Vote.DoesNotExist):
        return _not_understood(request)
    return _lead_on(vote, token or receipts.give(vote, now))


@_answers
def follow_up(request: HttpRequest) -> HttpResponse:
    """Store why a page was not useful, and lead on to the thank-you page."""
    token, now = request.POST.get("token", ""), datetime.now(UTC)
    try:
        receipt = receipts.read(token, now)
        said = follow_ups.follow_up(
            receipt=receipt,
            reason=request.POST.get("reason", ""),
            comment=request.POST.get("comment", ""),
            is_trapped=bool(request.POST.get(TRAP)),
            address=address_of(request),
            now=now,
        )
    except receipts.ReceiptExpiredError:
        raise
    except (receipts.ReceiptError, Vote.DoesNotExist):
        return _not_understood(request)
    except follow_ups.FollowUpError as error:
        return _say_again(request, token, _refusal(error))
    except follow_ups.AlreadyReadError:
        return _say_again(
            request,
            token,
            _("An editor has read what you wrote before, so that it is not replaced any more."),
        )
    return _lead_on(said.vote, token)


@require_safe
def thanks(request: HttpRequest, language: Language, token: str) -> HttpResponse:
    """Thank for a vote, in the language of the page it was cast on, and ask what was amiss."""
    try:
        receipt = receipts.read(token, datetime.now(UTC))
        vote = Vote.objects.select_related("follow_up").get(pk=receipt.vote_id)
    except receipts.ReceiptExpiredError:
        return _expired(request)
    except (receipts.ReceiptError, Vote.DoesNotExist):
        raise Http404 from None
    return _thanks(request, language, vote, token)


def _thanks(
    request: HttpRequest,
    language: Language,
    vote: Vote,
    token: str,
    *,
    typed: dict[str, str] | None = None,
    error: str = "",
) -> HttpResponse:
    said: FollowUp | None = getattr(vote, "follow_up", None)
    is_open = said is None or said.handled_at is None
    shown = typed or {
        "reason": said.reason if said else "",
        "comment": said.comment if said else "",
    }
    response = page(
        request,
        language,
        "feedback/thanks.html",
        {
            "number": vote.port_id,
            "token": token,
            "face": vote.face,
            "faces": [(face.value, face.label) for face in Face],
            "asks": bool(error) or (vote.face in follow_ups.FACES and is_open),
            "has_said": said is not None,
            "reasons": [(each.value, each.label) for each in follow_ups.reasons_on(vote)],
            "said": shown,
            "error": error,
            "longest": follow_ups.LONGEST,
            "trap": TRAP,
        },
        indexable=False,
        path=reverse("thanks", args=[language, token]),
        elsewhere=f"ports/{vote.port_id}/",
        status=400 if error else 200,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _lead_on(vote: Vote, token: str) -> HttpResponse:
    # 303: the thank-you page is fetched with GET, and reloading it casts no second vote.
    location = reverse("thanks", args=[by_code(vote.language), token])
    return HttpResponse(status=303, headers={"Location": location, "Cache-Control": "no-store"})


def _say_again(request: HttpRequest, token: str, error: str) -> HttpResponse:
    """The thank-you page with what was typed, and what is wrong with it."""
    receipt = receipts.read(token, datetime.now(UTC))
    vote = Vote.objects.select_related("follow_up").get(pk=receipt.vote_id)
    language = by_code(vote.language)
    if language is None:
        raise Http404
    typed = {name: request.POST.get(name, "") for name in ("reason", "comment")}
    return _thanks(request, language, vote, token, typed=typed, error=error)


def _refusal(error: follow_ups.FollowUpError) -> str:
    if isinstance(error, follow_ups.CommentTooLongError):
        over = error.length - follow_ups.LONGEST
        return ngettext(
            "Your comment is %(over)s character too long.",
            "Your comment is %(over)s characters too long.",
            over,
        ) % {"over": over}
    return _("Choose what is the matter, or write it down.")


def _too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    minutes = -(-seconds // _MINUTE)
    wait = ngettext(
        "Please try again in %(count)s minute.", "Please try again in %(count)s minutes.", minutes
    ) % {"count": minutes}
    message = _(
        "Your answer was not stored: as many answers as one address may give have come from yours."
    )
    response = problem(
        request, status=429, title=_("Too many answers"), message=f"{message} {wait}"
    )
    response.headers["Retry-After"] = str(seconds)
    return response


def _expired(request: HttpRequest) -> HttpResponse:
    return problem(
        request,
        status=410,
        title=_("Too late"),
        message=_("An answer can be changed and added to for a day. Yours is counted."),
    )


def _not_understood(request: HttpRequest) -> HttpResponse:
    return problem(
        request,
        status=400,
        title=_("Answer not understood"),
        message=_(
            "Your answer was not stored: the form was incomplete. Go back to the page and "
            "choose one of the three faces again."
        ),
    )


def _not_stored(request: HttpRequest) -> HttpResponse:
    response = problem(
        request,
        status=503,
        title=_("Answer not stored"),
        message=_("Your answer could not be stored just now. Please try again in a minute."),
    )
    response.headers["Retry-After"] = str(_MINUTE)
    return response
