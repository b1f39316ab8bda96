"""Votes in the admin: to be read, not changed."""

from django.contrib import admin

from feedback.models import Vote
from ports.admin.registry import ReadOnlyAdmin


@admin.register(Vote)
class VoteAdmin(ReadOnlyAdmin):
    """The votes as they were cast."""

    list_display = ("port", "language", "face", "revision_number", "cast_on")
    list_filter = ("face", "language")
    search_fields = ("=port__number",)
