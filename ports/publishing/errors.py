"""Why something could not be done to a document."""

from collections.abc import Sequence

from ports.editorial.checks import Problem
from ports.editorial.claims import CheckedClaim


class ContentError(ValueError):
    """Texts that may not be saved: tokens or footnotes that do not exist."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(problem.message for problem in problems))
        self.problems = list(problems)


class ClaimsDeniedError(ValueError):
    """A document that may not be published: the registry denies some of its claims."""

    def __init__(self, denied: Sequence[CheckedClaim]) -> None:
        super().__init__("; ".join(str(claim.claim) for claim in denied))
        self.denied = list(denied)


class NotPublishableError(ValueError):
    """An edition that cannot go live: nothing is saved, or its source is not live."""


class WrongStateError(ValueError):
    """What was asked for cannot be done to a revision in its state, or not to this revision.

    Somebody did something else meanwhile, as a rule.
    """


class WrongTimeError(ValueError):
    """A plan whose times do not lie ahead, or not in their order."""


class OwnTextError(ValueError):
    """A reviewer was about to approve what they wrote themselves."""


class ReasonMissingError(ValueError):
    """Something that needs a reason was asked for without one."""


class NoSuchRevisionError(LookupError):
    """A revision that the edition does not have."""
