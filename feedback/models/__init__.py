"""What readers say of pages, and what is counted of it."""

from feedback.models.allowance import Allowance
from feedback.models.follow_up import FollowUp
from feedback.models.tallies import DailyTally, PublishedTally, Tally
from feedback.models.votes import Face, Vote, VoteDelta

__all__ = [
    "Allowance",
    "DailyTally",
    "Face",
    "FollowUp",
    "PublishedTally",
    "Tally",
    "Vote",
    "VoteDelta",
]
