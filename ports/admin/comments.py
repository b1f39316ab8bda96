"""What editors do to the comments on a document, from the forms of its publishing page."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from ports import comments, formats
from ports.admin.comment_threads import Typed
from ports.admin.editing import editor
from ports.admin.edition_actions import posted_number
from ports.models import Comment, Document, Revision


def act(request: HttpRequest, document: Document) -> Typed | None:
    """Do what was asked for, and say what came of it; return what was typed and not taken.

    Raises PermissionDenied and Http404.
    """
    do, told = _ACTIONS.get(request.POST.get("action", ""), (None, None))
    if do is None or told is None:
        raise Http404
    try:
        # On its own: an answer that settles is not half done.
        with transaction.atomic():
            do(request, document)
    except comments.CommentTextError:
        messages.error(
            request,
            _("Write a comment of at most %(most)s characters.")
            % {"most": formats.number(comments.LONGEST)},
        )
    except comments.NoSuchFieldError:
        messages.error(request, _("What you wrote about is not there any more. Choose again."))
    else:
        messages.success(request, told())
        return None
    return Typed(
        request.POST.get("language", ""),
        posted_number(request, "thread"),
        request.POST.get("about", ""),
        request.POST.get("text", ""),
    )


def _begin(request: HttpRequest, document: Document) -> None:
    revision = (
        Revision.objects.select_related("edition__document")
        .filter(
            edition__document=document,
            edition__language=request.POST.get("language", ""),
            number=posted_number(request, "number"),
        )
        .first()
    )
    if revision is None:
        raise Http404
    part, _colon, name = request.POST.get("about", "").partition(":")
    try:
        uuid = UUID(part) if part else None
    except ValueError:
        raise comments.NoSuchFieldError(part) from None
    text = request.POST.get("text", "")
    comments.add(revision=revision, part=uuid, field=name, text=text, by=editor(request))


def _answer(request: HttpRequest, document: Document) -> None:
    comments.answer(
        thread=_thread(request, document), text=request.POST.get("text", ""), by=editor(request)
    )


def _settle(request: HttpRequest, document: Document) -> None:
    if request.POST.get("text", "").strip():
        _answer(request, document)
    comments.settle(thread=_thread(request, document), by=editor(request))


def _reopen(request: HttpRequest, document: Document) -> None:
    comments.reopen(thread=_thread(request, document), by=editor(request))


def _thread(request: HttpRequest, document: Document) -> Comment:
    thread = Comment.objects.filter(
        pk=posted_number(request, "thread"), thread=None, revision__edition__document=document
    ).first()
    if thread is None:
        raise Http404
    return thread


type _Do = Callable[[HttpRequest, Document], None]

_ACTIONS: Final[dict[str, tuple[_Do, Callable[[], str]]]] = {
    "begin": (_begin, lambda: _("The comment was added.")),
    "answer": (_answer, lambda: _("The answer was added.")),
    "settle": (_settle, lambda: _("The comment is settled.")),
    "reopen": (_reopen, lambda: _("The comment is open again.")),
}
