"""The project: settings, addresses, the Celery app and what every page shares."""

from portsite.celery import app as celery_app

__all__ = ["celery_app"]
