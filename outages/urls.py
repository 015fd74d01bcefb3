"""Addresses of the outages room: the desk's, and those for everybody."""

from django.urls import include, path

from outages import urls_figures
from outages.views import desk, feeds, public, reports

app_name = "outages"
urlpatterns = [
    path("power/", public.outages, name="public"),
    path("power/outages.json", feeds.json, name="json"),
    path("power/rss.xml", feeds.rss, name="rss"),
    path("power/calendar.ics", feeds.ical, name="ical"),
    path("power/<str:code>/", public.one, name="public_one"),
    path("power/<str:code>/cap.xml", feeds.cap, name="cap"),
    path("outages/", desk.outages, name="list"),
    path("outages/figures/", include(urls_figures.urlpatterns)),
    path("outages/new/", desk.new, name="new"),
    path("outages/<str:code>/", desk.detail, name="detail"),
    path("outages/<str:code>/attach/", reports.attach_caller, name="attach"),
    path("outages/<str:code>/edit/", desk.change, name="edit"),
    path("outages/<str:code>/act/<slug:slug>/", desk.act, name="act"),
]
