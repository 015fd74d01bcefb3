"""Addresses of the outages room: the desk's, and those for everybody."""

from django.urls import path

from outages.views import desk, public

app_name = "outages"
urlpatterns = [
    path("power/", public.outages, name="public"),
    path("power/<str:code>/", public.one, name="public_one"),
    path("outages/", desk.outages, name="list"),
    path("outages/new/", desk.new, name="new"),
    path("outages/<str:code>/", desk.detail, name="detail"),
    path("outages/<str:code>/edit/", desk.change, name="edit"),
    path("outages/<str:code>/act/<slug:slug>/", desk.act, name="act"),
]
