"""The editors' side of readers' feedback.

Importing the modules registers what they hold with Django's admin.
"""

from feedback.admin import comments, usefulness, votes

__all__ = ["comments", "usefulness", "votes"]
