"""The translation desk: a document's English texts beside their translation into one language."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from ports import publishing, roles
from ports.admin.document_state import Editions, editions_of
from ports.admin.editing import editor, posted_number
from ports.admin.publishing_page import PublishingPages
from ports.admin.submitting import names_of
from ports.admin.translation_fields import DeskField, by_part, desk_fields
from ports.admin.translation_glossary import terms_in
from ports.admin.translation_saving import Done, Sent, carry_out
from ports.languages import SOURCE, Language, by_code
from ports.models import Document, Edition, Revision, User
from ports.publishing.freshness import behind, made_from
from ports.roles import Deed


@dataclass
class Desk:
    """A document in one language, as a translator finds it: with these revisions of the two."""

    document: Document
    language: Language
    edition: Edition | None
    latest: Revision | None
    source: Revision

    @cached_property
    def made_from(self) -> Revision | None:
        if self.edition is None or self.latest is None:
            return None
        return made_from(self.edition, self.latest)

    @cached_property
    def staleness(self) -> Edition.Staleness:
        if self.edition is None:
            return Edition.Staleness.NONE
        return behind(self.edition, self.latest, self.source)

    def fields(self) -> list[DeskField]:
        return desk_fields(
            self.document.kind,
            self.source,
            self.made_from,
            self.language,
            self.latest.texts if self.latest else {},
        )


class TranslationDesk(PublishingPages):
    """The screens on which a document is translated, one for each language."""

    def get_urls(self) -> list[Any]:
        return [
            path(
                "<path:object_id>/translate/<str:code>/",
                self.admin_site.admin_view(self.translate_view),
                name=f"{self.opts.app_label}_{self.opts.model_name}_translate",
            ),
            *super().get_urls(),
        ]

    def translate_view(self, request: HttpRequest, object_id: str, code: str) -> HttpResponse:
        """The desk of a document in a language; saves what is sent there."""
        language = by_code(code)
        if language is None or language is SOURCE:
            raise Http404
        obj = self.get_object(request, object_id)
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        if request.method != "POST":
            desk = _desk(self._pair(obj, language), language)
            return self._page(request, obj, desk, desk.fields())
        roles.require(editor(request), Deed.WRITE, language)
        with transaction.atomic():
            document = _existing(self._pair(obj, language))
            publishing.lock(document)
            # Read again: whoever saves second sees what the first one saved.
            desk = _desk(self._pair(obj, language), language, request.POST)
            sent = _sent(desk, request.POST, editor(request))
            done = carry_out(sent)
        if done is None:
            return self._page(request, obj, desk, sent.fields, sent)
        _tell(request, language, done, is_in_step=sent.is_in_step)
        return HttpResponseRedirect(request.get_full_path())

    def _pair(self, obj: Any, language: Language) -> Editions:
        """The English edition and the translation, read at one moment."""
        return editions_of(
            self.document_kind, obj.pk if obj is not None else None, [SOURCE, language]
        )

    def _page(
        self,
        request: HttpRequest,
        obj: Any,
        desk: Desk,
        fields: list[DeskField],
        sent: Sent | None = None,
    ) -> HttpResponse:
        only_todo = request.GET.get("show") == "todo"
        todo = [each for each in fields if each.needs_work and each.is_shown]
        shown = [
            each
            for each in fields
            if not only_todo or each.needs_work or (sent and each.name in sent.posted)
        ]
        return TemplateResponse(
            request,
            "admin/ports/translation_desk.html",
            {
                **self.admin_site.each_context(request),
                # Two texts stand side by side: they need the room.
                "is_nav_sidebar_enabled": False,
                "title": _("Translation"),
                "subtitle": f"{obj} – {desk.language.name}",
                "opts": self.opts,
                "original": obj,
                "desk": desk,
                "language": desk.language,
                "parts": by_part(shown),
                "todo": todo,
                "only_todo": only_todo,
                "can_write": roles.may(editor(request), Deed.WRITE, desk.language),
                "is_in_step": sent.is_in_step if sent else not desk.staleness,
                "refused": [each for each in fields if each.errors or each.conflict],
                "sent": sent,
                "is_source_newer": sent is not None and _is_source_newer(desk),
                "terms": terms_in([each.english for each in fields], desk.language),
            },
        )


def _existing(editions: Editions) -> Document:
    if editions.document is None:
        raise Http404
    return editions.document


def _desk(editions: Editions, language: Language, posted: QueryDict | None = None) -> Desk:
    """The desk with the latest English text, or with the one that was seen when it was sent."""
    document = _existing(editions)
    source_edition = editions.by_language.get(SOURCE.code)
    source = source_edition.latest_revision if source_edition else None
    if source is None:
        raise Http404
    if posted is not None:
        source = _numbered(source, posted_number(posted, "source")) or source
    edition = editions.by_language.get(language.code)
    return Desk(document, language, edition, edition.latest_revision if edition else None, source)


def _sent(desk: Desk, posted: QueryDict, by: User) -> Sent:
    base = _numbered(desk.latest, posted_number(posted, "base")) if desk.latest else None
    return Sent(
        document=desk.document,
        language=desk.language,
        source=desk.source,
        base=base,
        latest=desk.latest,
        fields=desk.fields(),
        is_behind=bool(desk.staleness),
        posted=posted,
        by=by,
    )


def _numbered(latest: Revision, number: int) -> Revision | None:
    """A revision of the same edition by its number."""
    if latest.number == number:
        return latest
    return Revision.objects.filter(edition=latest.edition_id, number=number).first()


def _is_source_newer(desk: Desk) -> bool:
    """Whether the English text was saved again since the one that is shown."""
    return Revision.objects.filter(
        edition=desk.source.edition_id, number__gt=desk.source.number
    ).exists()


def _tell(request: HttpRequest, language: Language, done: Done, *, is_in_step: bool) -> None:
    name = {"languages": names_of([language])}
    if done.is_saved:
        messages.success(request, _("Saved as a draft: %(languages)s.") % name)
        if not is_in_step:
            messages.info(
                request, _("It was saved without saying that it is in step with the English text.")
            )
    if done.is_found_correct:
        messages.success(request, _("Found still correct: %(languages)s.") % name)
    if done.is_submitted:
        messages.success(request, _("Submitted for review: %(languages)s.") % name)
    if not (done.is_saved or done.is_found_correct or done.is_submitted):
        messages.info(request, _("Nothing was changed, so no revision was made."))
