"""The app that asks readers whether a page was useful."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    """Readers' votes."""

    name = "feedback"
    verbose_name = _("Readers' feedback")
    default_auto_field = "django.db.models.BigAutoField"
