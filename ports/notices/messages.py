"""The e-mails themselves: plain text, in the language of who reads them."""

from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ports.languages import SOURCE, by_code
from ports.models import Document, Notice, User
from ports.notices import stopping

SITE_NAME: Final = "Portsite"

Kind = Notice.Kind


def message(notice: Notice) -> EmailMessage:
    """A notice as an e-mail, with links that lead to SITE_URL."""
    with translation.override((by_code(notice.to.preferred_language) or SOURCE).code):
        if notice.kind == Kind.PASSWORD_RESET:
            return _mail(notice, *_password_reset(notice.to), {})
        stop = stopping.link(notice.to)
        subject, paragraphs = _digest(notice) if notice.kind == Kind.DIGEST else _told(notice)
        footer = _(
            "You get this e-mail because you asked to be told what waits for you. "
            "To get no more of them, open this page: %(link)s"
        )
        body = "\n\n".join([*paragraphs, f"-- \n{footer % {'link': stop}}"])
        # RFC 8058: the reader's mail program has a button for it.
        one_click = "List-Unsubscribe=One-Click"
        headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": one_click}
        return _mail(notice, subject, f"{body}\n", headers)


def _mail(notice: Notice, subject: str, body: str, headers: dict[str, str]) -> EmailMessage:
    host = urlsplit(settings.SITE_URL).hostname
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=body,
        to=[notice.to.email],
        headers={
            # The same whenever it is sent: a mail program shows it once.
            "Message-ID": f"<notice.{notice.pk}.{notice.created_at.timestamp():.0f}@{host}>",
            "Auto-Submitted": "auto-generated",
            **headers,
        },
    )


def _told(notice: Notice) -> tuple[str, list[str]]:
    """Subject and paragraphs of what somebody did."""
    document, language = _about(notice)
    about = {
        "person": notice.by or SITE_NAME,
        "text": _("%(name)s (%(language)s)") % {"name": _name(document), "language": language},
    }
    # Translators: subjects and first sentences of e-mails. "text" is one that editors work on:
    # "Port 3440 (Türkçe)"; "person" is a name.
    subject, sentence, before_note = {
        Kind.SUBMITTED: (
            _("Please review: %(text)s"),
            _("%(person)s asks for a review of this text: %(text)s."),
            _("%(person)s writes:"),
        ),
        Kind.CHANGES_REQUESTED: (
            _("Please change: %(text)s"),
            _("%(person)s reviewed this text and asks for changes: %(text)s."),
            _("%(person)s writes:"),
        ),
        Kind.APPROVED: (
            _("Ready to be published: %(text)s"),
            _("%(person)s approved this text, which can be published now: %(text)s."),
            _("%(person)s writes:"),
        ),
        Kind.COMMENTED: (
            _("A comment on: %(text)s"),
            _("%(person)s commented on this text: %(text)s."),
            _("%(person)s writes:"),
        ),
        Kind.WORK_ITEM: (
            _("For you to look at: %(text)s"),
            _("%(person)s asks you to look at this text: %(text)s."),
            _("What to know of it:"),
        ),
    }[Kind(notice.kind)]
    paragraphs = [sentence % about]
    if notice.work_item:
        # Translators: why an editor should look at a text: "Reason: The registry changed".
        reason = _("Reason: %(reason)s")
        paragraphs.append(reason % {"reason": notice.work_item.get_kind_display()})
    if notice.text:
        quoted = "\n".join(f"> {line}" for line in notice.text.splitlines())
        paragraphs.append(f"{before_note % about}\n{quoted}")
    if notice.work_item:
        page = reverse("admin:ports_workitem_change", args=[notice.work_item.pk])
    else:
        page = reverse(f"admin:ports_{document.kind}_publishing", args=[document.owner[1]])
    paragraphs.append(f"{_('Here you see it:')}\n{settings.SITE_URL}{page}")
    return subject % about, paragraphs


def _digest(notice: Notice) -> tuple[str, list[str]]:
    desk = f"{settings.SITE_URL}{reverse('admin:index')}"
    return (
        # Translators: the subject of an e-mail to an editor.
        pgettext("subject", "What waits for you"),
        [
            _("This waits for you:"),
            notice.text,
            f"{_('Here you see all of it:')}\n{desk}",
        ],
    )


def _password_reset(to: User) -> tuple[str, str]:
    """Django's own subject and text, with a link that works once."""
    site = urlsplit(settings.SITE_URL)
    context = {
        "site_name": SITE_NAME,
        "protocol": site.scheme,
        "domain": site.netloc,
        "uid": urlsafe_base64_encode(force_bytes(to.pk)),
        "token": default_token_generator.make_token(to),
        "user": to,
    }
    subject = render_to_string("registration/password_reset_subject.txt", context)
    return subject, render_to_string("registration/password_reset_email.html", context)


def _about(notice: Notice) -> tuple[Document, str]:
    """The document that a notice is about, and the name of the language."""
    about = notice.work_item or notice.edition
    if about is None:
        raise TypeError(f"notice {notice.pk} is about no text")
    return about.document, about.get_language_display()


def _name(document: Document) -> str:
    if document.usage:
        return document.usage.name
    if document.gloss:
        return document.gloss.service_name
    return _("Port %(number)s") % {"number": document.port_id}
