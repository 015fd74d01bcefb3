"""Addresses below /outages/figures/: counting for people."""

from django.urls import path

from outages.views import figures, kept, trouble, watching

urlpatterns = [
    path("", figures.reliability, name="figures"),
    path("interruptions/", figures.interruptions, name="interruptions"),
    path("planned/", kept.planned, name="planned"),
    path("promises/", kept.promised, name="promises"),
    path("trouble/", trouble.frequent, name="frequent"),
    path("trouble/<slug:device>/<str:device_code>/", trouble.need, name="need"),
    path("watch/", watching.watched, name="watch"),
    path("watch/new/", watching.watch_new, name="watch_new"),
    path("watch/<str:item>/", watching.watch_item, name="watch_item"),
    path("watch/<str:item>/done/", watching.watch_done, name="watch_done"),
]
