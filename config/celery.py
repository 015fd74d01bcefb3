"""Celery: three queues (clocks, messages, bulk) and the beat that keeps promises watched."""

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("denghuo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)  # task ids, and the ids of the request that asked, in every line
app.autodiscover_tasks()


@setup_logging.connect
def use_our_logging(**_kwargs: Any) -> None:
    """Workers and beat log like the web does, instead of Celery's own way."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
