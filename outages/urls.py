"""Addresses of the outages room: the desk's, and those for everybody."""

from django.urls import path

from outages.views import desk, feeds, figures, history, public, reports

app_name = "outages"
urlpatterns = [
    path("power/", public.outages, name="public"),
    path("power/outages.json", feeds.json, name="json"),
    path("power/rss.xml", feeds.rss, name="rss"),
    path("power/calendar.ics", feeds.ical, name="ical"),
    path("power/<str:code>/", public.one, name="public_one"),
    path("power/<str:code>/cap.xml", feeds.cap, name="cap"),
    path("outages/", desk.outages, name="list"),
    path("outages/figures/", figures.reliability, name="figures"),
    path("outages/history/", history.index, name="history"),
    path("outages/history/<str:run>/", history.one, name="history_run"),
    path("outages/history/<str:run>/columns/", history.mapping, name="history_mapping"),
    path("outages/history/<str:run>/causes/", history.causes, name="history_causes"),
    path("outages/history/<str:run>/apply/", history.apply, name="history_apply"),
    path("outages/history/<str:run>/drop/", history.drop, name="history_drop"),
    path("outages/history/<str:run>/report.csv", history.report, name="history_report"),
    path("outages/new/", desk.new, name="new"),
    path("outages/<str:code>/", desk.detail, name="detail"),
    path("outages/<str:code>/attach/", reports.attach_caller, name="attach"),
    path("outages/<str:code>/edit/", desk.change, name="edit"),
    path("outages/<str:code>/act/<slug:slug>/", desk.act, name="act"),
]
