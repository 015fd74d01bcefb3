"""Addresses of notifications. A message has no code that people use; its number is its name."""

from django.urls import path

from notifications.views import inbox, mailbox, outgoing, texts

app_name = "notifications"
urlpatterns = [
    path("messages/", inbox.inbox, name="inbox"),
    path("messages/read/", inbox.read_all, name="read_all"),
    path("messages/<int:number>/", inbox.open_message, name="open"),
    path("settings/messages/", outgoing.outgoing, name="outgoing"),
    path("settings/messages/<int:number>/", outgoing.message, name="message"),
    path("settings/messages/<int:number>/again/", outgoing.again, name="send_again"),
    path("settings/messages/<int:number>/hold/", outgoing.hold, name="withhold"),
    path("settings/templates/", texts.text_list, name="texts"),
    path("settings/templates/<str:kind>/<str:channel>/<str:language>/", texts.text, name="text"),
    path("settings/templates/<str:kind>/<str:channel>/<str:language>/preview/", texts.preview, name="text_preview"),
    path("settings/templates/<str:kind>/<str:channel>/<str:language>/original/", texts.original, name="text_original"),
    path("settings/quiet-hours/", texts.quiet, name="quiet_hours"),
    path("dev/mailbox", mailbox.mailbox, name="mailbox"),
]
