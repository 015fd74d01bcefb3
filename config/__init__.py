"""The root: settings, addresses, and the Celery application. Imported by no room."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
