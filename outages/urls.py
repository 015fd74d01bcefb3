"""Addresses of the outages room: the desk's, and those for everybody."""

from django.urls import path

from outages.views import desk, feeds, figures, public, reports, subscribing

app_name = "outages"
urlpatterns = [
    path("power/", public.outages, name="public"),
    path("power/outages.json", feeds.json, name="json"),
    path("power/rss.xml", feeds.rss, name="rss"),
    path("power/calendar.ics", feeds.ical, name="ical"),
    path("power/subscribe/", subscribing.ask, name="subscribe"),
    path("power/subscribe/<uuid:handle>/", subscribing.ask_code, name="subscribe_code"),
    path("power/following/<str:token>/", subscribing.following, name="following"),
    path("power/following/<str:token>/calendar.ics", subscribing.own_ical, name="own_ical"),
    path("power/<str:code>/", public.one, name="public_one"),
    path("power/<str:code>/cap.xml", feeds.cap, name="cap"),
    path("outages/", desk.outages, name="list"),
    path("outages/figures/", figures.reliability, name="figures"),
    path("outages/new/", desk.new, name="new"),
    path("outages/<str:code>/", desk.detail, name="detail"),
    path("outages/<str:code>/attach/", reports.attach_caller, name="attach"),
    path("outages/<str:code>/edit/", desk.change, name="edit"),
    path("outages/<str:code>/act/<slug:slug>/", desk.act, name="act"),
]
