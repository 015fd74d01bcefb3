"""Addresses for customers."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import RedirectView

from portal import views

app_name = "portal"
urlpatterns = [
    path("online/", login_not_required(RedirectView.as_view(pattern_name="portal:follow")), name="home"),
    path("follow/", views.follow, name="follow"),
    path("follow/<slug:token>/", views.follow_token, name="follow_token"),
]
