"""Addresses of workorders."""

app_name = "workorders"
urlpatterns: list = []
