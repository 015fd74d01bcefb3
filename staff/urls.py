"""Addresses of the staff room."""

app_name = "staff"
urlpatterns: list = []
