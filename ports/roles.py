"""Who may do what to an edition: one table, which every door obeys through `ports.publishing`."""

from enum import StrEnum
from typing import Final

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from ports.languages import LANGUAGES, SOURCE, Language
from ports.models import Role, User

APPROVE_WITHOUT_REVIEW: Final = "ports.approve_without_review"


class Deed(StrEnum):
    """What can be done to an edition."""

    WRITE = "write"
    """Save, submit for review, bring an earlier revision back, find a translation still correct."""
    REVIEW = "review"
    """Approve and ask for changes."""
    PUBLISH = "publish"
    """Publish, unpublish and plan both."""


class NotAllowedError(PermissionDenied):
    """Somebody without the role for it was about to do something to an edition."""

    def __init__(self, deed: Deed, language: Language) -> None:
        self.deed = deed
        self.language = language
        super().__init__(_refusal(deed) % {"language": language.name})


def role_for(deed: Deed, language: Language) -> Role.Kind:
    """The role that somebody needs for a deed in a language."""
    if deed is Deed.REVIEW:
        return Role.Kind.REVIEWER
    if deed is Deed.PUBLISH:
        return Role.Kind.PUBLISHER
    return Role.Kind.WRITER if language is SOURCE else Role.Kind.TRANSLATOR


def may(user: User, deed: Deed, language: Language) -> bool:
    """Whether somebody may do it; superusers have every role. One query for each User object."""
    if not (user.is_active and user.is_staff):
        return False
    if user.is_superuser:
        return True
    kind = role_for(deed, language).value
    return not {(kind, ""), (kind, language.code)}.isdisjoint(_roles(user))


def languages(user: User, deed: Deed) -> list[Language]:
    """The languages in which somebody may do it, in the order of the site's languages."""
    return [language for language in LANGUAGES if may(user, deed, language)]


def has_any(user: User) -> bool:
    """Whether somebody has a role at all."""
    return user.is_active and user.is_staff and (user.is_superuser or bool(_roles(user)))


def has_one_in(user: User, language: Language) -> bool:
    """Whether somebody has any of the roles in a language."""
    return any(may(user, deed, language) for deed in Deed)


def languages_with_any(user: User) -> list[Language]:
    """The languages in which somebody has any of the roles, in the order of the site's."""
    return [language for language in LANGUAGES if has_one_in(user, language)]


def people(language: Language) -> QuerySet[User]:
    """Those who have any of the roles in a language, by name."""
    kinds = {role_for(deed, language).value for deed in Deed}
    have_one = Role.objects.filter(kind__in=kinds, language__in=["", language.code])
    staff = User.objects.filter(is_active=True, is_staff=True)
    return staff.filter(Q(is_superuser=True) | Q(pk__in=have_one.values("user"))).order_by(
        "username"
    )


def require(user: User, deed: Deed, language: Language) -> None:
    """Raise NotAllowedError unless somebody may do it."""
    if not may(user, deed, language):
        raise NotAllowedError(deed, language)


def require_approval_without_review(user: User) -> None:
    """Raise PermissionDenied unless somebody may approve what nobody reviewed."""
    if not (user.is_staff and user.has_perm(APPROVE_WITHOUT_REVIEW)):
        raise PermissionDenied(_("You may not approve a text without a review."))


def _roles(user: User) -> set[tuple[str, str]]:
    known: set[tuple[str, str]] | None = getattr(user, "known_roles", None)
    if known is None:
        known = set(Role.objects.filter(user=user).values_list("kind", "language"))
        user.known_roles = known  # type: ignore[attr-defined]
    return known


def _refusal(deed: Deed) -> str:
    if deed is Deed.REVIEW:
        return _("You are no reviewer of texts in this language: %(language)s.")
    if deed is Deed.PUBLISH:
        return _("You are no publisher of texts in this language: %(language)s.")
    return _("You are no writer of texts in this language: %(language)s.")
