"""Addresses for customers."""

from django.urls import path

from portal import views

app_name = "portal"
urlpatterns = [
    path("follow/", views.follow, name="follow"),
    path("follow/<slug:token>/", views.follow_token, name="follow_token"),
]
