"""Addresses of orders."""

from django.urls import path

from workorders.views import intake
from workorders.views.components import components

app_name = "workorders"
urlpatterns = [
    path("intake/", intake.start, name="intake"),
    path("intake/<str:kind>/", intake.intake, name="intake_kind"),
    path("intake/<str:kind>/promise/", intake.promise, name="intake_promise"),
    path("intake/<str:kind>/draft/", intake.draft, name="intake_draft"),
    path("dev/components", components, name="components"),
]
