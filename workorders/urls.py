"""Addresses of orders."""

from django.urls import path

from workorders.views import acts, attachments, crew, dispatch, intake, lists, order, receipt, rules
from workorders.views.components import components

app_name = "workorders"
urlpatterns = [
    path("my/", lists.mine, name="mine"),
    path("orders/", lists.orders, name="list"),
    path("orders/<str:code>/", order.detail, name="detail"),
    path("orders/<str:code>/receipt/", receipt.receipt, name="receipt"),
    path("orders/<str:code>/show/", order.show_person, name="show_person"),
    path("orders/<str:code>/<slug:act>/", acts.act, name="act"),
    path("attachments/<uuid:public_id>/", attachments.attachment, name="attachment"),
    path("crew/", crew.jobs, name="crew"),
    path("crew/<str:code>/", crew.job, name="crew_job"),
    path("crew/<str:code>/undo/", crew.undo, name="crew_undo"),
    path("crew/<str:code>/earlier/", crew.earlier, name="crew_earlier"),
    path("crew/<str:code>/done/", crew.done, name="crew_done"),
    path("crew/<str:code>/call/", crew.call, name="crew_call"),
    path("crew/<str:code>/spoke/", crew.spoke, name="crew_spoke"),
    path("crew/<str:code>/photo/<slug:phase>/", crew.photo, name="crew_photo"),
    path("crew/<str:code>/say/<slug:act>/", crew.act, name="crew_act"),
    path("crew/<str:code>/<str:what>/", crew.press, name="crew_press"),
    path("callbacks/", lists.callbacks, name="callbacks"),
    path("dispatch/", dispatch.board, name="dispatch"),
    path("dispatch/ticked/", dispatch.give_many, name="give_many"),
    path("dispatch/<str:code>/", dispatch.give, name="give"),
    path("settings/rules/", rules.rules, name="rules"),
    path("settings/rules/recalculate/", rules.recalculate, name="recalculate"),
    path("settings/rules/<str:key>/", rules.rule, name="rule"),
    path("settings/rules/<str:key>/edit/", rules.edit, name="rule_edit"),
    path("settings/rules/<str:key>/confirm/", rules.confirm, name="rule_confirm"),
    path("intake/", intake.start, name="intake"),
    path("intake/<str:kind>/", intake.intake, name="intake_kind"),
    path("intake/<str:kind>/promise/", intake.promise, name="intake_promise"),
    path("intake/<str:kind>/draft/", intake.draft, name="intake_draft"),
    path("dev/components", components, name="components"),
]
