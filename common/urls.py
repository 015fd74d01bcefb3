"""Addresses of common."""

from django.urls import path

from common.views.language import language

app_name = "common"
urlpatterns = [
    path("language/", language, name="language"),
]
