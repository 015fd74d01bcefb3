"""Addresses of the outages room: the desk's, and those for everybody."""

from django.urls import include, path

from outages.views import calls, desk, feeds, figures, history, posters, preview, public, reports, storm, written

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
    path("outages/storm/", storm.storm, name="storm"),
    path("outages/storm/<int:number>/begin/", storm.begin, name="storm_begin"),
    path("outages/storm/<int:number>/end/", storm.end, name="storm_end"),
    path("outages/history/", history.index, name="history"),
    path("outages/history/<str:run>/", history.one, name="history_run"),
    path("outages/history/<str:run>/columns/", history.mapping, name="history_mapping"),
    path("outages/history/<str:run>/causes/", history.causes, name="history_causes"),
    path("outages/history/<str:run>/apply/", history.apply, name="history_apply"),
    path("outages/history/<str:run>/drop/", history.drop, name="history_drop"),
    path("outages/history/<str:run>/report.csv", history.report, name="history_report"),
    path("outages/new/", desk.new, name="new"),
    path("outages/orderly/", include("outages.urls_orderly")),
    path("outages/<str:code>/", desk.detail, name="detail"),
    path("outages/<str:code>/attach/", reports.attach_caller, name="attach"),
    path("outages/<str:code>/written/", written.written, name="written"),
    path("outages/<str:code>/written/letters/", written.letters, name="letters"),
    path("outages/<str:code>/written/<str:account_no>/", written.hand, name="hand_over"),
    path("outages/<str:code>/proof/<uuid:proof_id>/", written.proof, name="proof"),
    path("outages/<str:code>/calls/", calls.calls, name="calls"),
    path("outages/<str:code>/calls/retry/", calls.retry, name="retry"),
    path("outages/<str:code>/calls/<str:account_no>/", calls.call, name="call"),
    path("outages/<str:code>/poster.pdf", posters.poster, name="poster"),
    path("outages/<str:code>/posters/", posters.post_up, name="post_up"),
    path("outages/<str:code>/posters/<uuid:public_id>/", posters.photo, name="posting_photo"),
    path("outages/<str:code>/preview/", preview.preview, name="preview"),
    path("outages/<str:code>/edit/", desk.change, name="edit"),
    path("outages/<str:code>/act/<slug:slug>/", desk.act, name="act"),
]
