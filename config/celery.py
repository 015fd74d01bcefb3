"""Celery: three queues (clocks, messages, bulk) and the beat that keeps promises watched."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("denghuo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
