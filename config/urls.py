"""The addresses of every room. Each room names its own; the order here is the order of the house."""

from django.urls import include, path

urlpatterns = [
    path("", include("common.urls")),
    path("", include("staff.urls")),
    path("", include("notifications.urls")),
    path("customers/", include("customers.urls")),
    path("", include("workorders.urls")),
    path("", include("outages.urls")),
    path("board/", include("dashboard.urls")),
    path("", include("portal.urls")),
]

handler400 = "common.views.errors.bad_request"
handler403 = "common.views.errors.denied"
handler404 = "common.views.errors.missing"
handler500 = "common.views.errors.broken"
