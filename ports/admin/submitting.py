"""Submitting for review what somebody has just saved."""

from collections.abc import Collection

from ports import publishing, roles
from ports.admin.document_state import Editions, edition_states
from ports.languages import Language
from ports.models import User
from ports.publishing.review import SUBMITTABLE
from ports.roles import Deed


def submit_drafts(
    user: User, editions: Editions, languages: Collection[Language]
) -> list[Language]:
    """Submit what differs from what is live, in these languages; those in which something was."""
    submitted = []
    for state in edition_states(editions):
        if (
            editions.document is not None
            and state.language in languages
            and state.differs
            and state.work in SUBMITTABLE
            and roles.may(user, Deed.WRITE, state.language)
        ):
            publishing.submit(
                document=editions.document,
                language=state.language,
                number=state.latest.number,
                by=user,
            )
            submitted.append(state.language)
    return submitted


def names_of(languages: Collection[Language]) -> str:
    """Languages by their own names, in a row."""
    return ", ".join(language.name for language in languages)
