"""Addresses of common."""

from django.urls import path

from common.views import health
from common.views.language import language

app_name = "common"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("settings/health/", health.page, name="health"),
    path("language/", language, name="language"),
]
