"""Addresses of customers. Fixed words come before account numbers, which are ten digits."""

from django.urls import path, register_converter

from customers.views import files, imports, log, search, writing


class AccountNumber:
    """Ten digits."""

    regex = r"\d{10}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(AccountNumber, "account")

app_name = "customers"
urlpatterns = [
    path("", search.index, name="list"),
    path("suggest/", search.suggest, name="suggest"),
    path("new/", writing.new, name="new"),
    path("views/", log.views, name="views"),
    path("import/", imports.index, name="import"),
    path("import/sample/<str:kind>/", imports.sample, name="import_sample"),
    path("import/<str:code>/", imports.run, name="import_run"),
    path("import/<str:code>/apply/", imports.apply, name="import_apply"),
    path("import/<str:code>/drop/", imports.drop, name="import_drop"),
    path("import/<str:code>/wrong/", imports.wrong, name="import_wrong"),
    path("<account:account_no>/", files.detail, name="detail"),
    path("<account:account_no>/panel/", files.panel, name="panel"),
    path("<account:account_no>/show/", files.show, name="show"),
    path("<account:account_no>/correct/", writing.correct, name="correct"),
    path("<account:account_no>/grade/", writing.grade, name="grade"),
    path("<account:account_no>/contact/", writing.contact, name="contact"),
    path("<account:account_no>/place/", writing.place, name="place"),
]
