"""The Celery application, which `celery -A portsite` finds here."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portsite.settings")

app = Celery("portsite")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
