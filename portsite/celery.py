"""The Celery application; `celery -A portsite worker` and `celery -A portsite beat` find it here."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portsite.settings")

app = Celery("portsite")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
