"""What a person reads when something went wrong, and the code by which the logs know it."""

import re

import pytest
import structlog
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404
from django.template import TemplateDoesNotExist
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import translation

from common.access import Denied, deny
from common.views import errors
from staff.choices import Role
from tests.staff.factories import company, member


def _raise(error):
    def view(request):
        raise error

    view.login_required = False
    return view


urlpatterns = [
    path("denied", _raise(Denied(deny("The board is for supervisors.")))),
    path("elsewhere", _raise(Denied(deny("This order is with another unit.", by_role=False)))),
    path("act", _raise(Denied(deny("Your role does not do this."), back="/orders/BX-261120-0001/"))),
    path("forbidden", _raise(PermissionDenied())),
    path("gone", _raise(Http404())),
    path("odd", _raise(SuspiciousOperation())),
    path("broken", _raise(RuntimeError("a defect"))),
]


@pytest.fixture
def site(request, settings):
    """These addresses beside the real ones, so that frames can link."""
    from config import urls as real

    class Urls:
        pass

    urls = Urls()
    urls.urlpatterns = [*urlpatterns, *real.urlpatterns]
    for name in ("handler400", "handler403", "handler404", "handler500"):
        setattr(urls, name, getattr(real, name))
    settings.ROOT_URLCONF = urls
    return urls


@pytest.fixture
def clerk(db):
    return member("XL0317", "李婉清", unit=company().station, roles=[Role.CLERK])


@pytest.fixture
def client():
    return Client(raise_request_exception=False, headers={"accept-language": "en"})


@pytest.fixture
def staff(client, clerk):
    client.force_login(clerk, backend="staff.backends.MemberBackend")
    return client


def code_in(html: str) -> str:
    return re.search(r'Reference <b class="dh-code">(\S+)</b>', html).group(1)


def test_a_missing_role_says_why_and_who_can_grant_it(staff, site):
    answer = staff.get("/denied")
    html = answer.content.decode()
    assert answer.status_code == 403
    assert "The board is for supervisors." in html
    assert "An administrator of 桥边供电站" in html


def test_what_no_role_would_open_names_nobody_to_ask_for_one(staff, site):
    html = staff.get("/elsewhere").content.decode()
    assert "This order is with another unit." in html
    assert "An administrator of" not in html


def test_a_refused_act_says_so_and_leads_back(staff, site):
    html = staff.get("/act").content.decode()
    assert "You cannot do this step" in html
    assert "Your role does not do this." in html
    assert 'href="/orders/BX-261120-0001/"' in html
    assert "An administrator of" not in html


def test_a_refusal_without_words_blames_the_roles(staff, site):
    assert "Your roles do not include it." in staff.get("/forbidden").content.decode()


def test_nothing_there_offers_the_search_box_to_staff(staff, site):
    answer = staff.get("/gone")
    assert answer.status_code == 404
    assert 'id="dh-find-again"' in answer.content.decode()


def test_an_order_that_is_not_there_is_named_and_ready_to_be_searched(staff, site):
    html = staff.get("/orders/BX-261120-9999/").content.decode()
    assert "There is no order BX-261120-9999, or it belongs to another unit." in html
    assert 'id="dh-find-again" name="q" value="BX-261120-9999"' in html


@pytest.mark.django_db
def test_nothing_there_gives_the_hotline_to_the_public_and_no_search(client, site, settings):
    html = client.get("/gone").content.decode()
    assert f'href="tel:{settings.HOTLINE}"' in html
    assert "dh-find-again" not in html


def test_an_unreadable_request_says_that_nothing_changed(staff, site):
    answer = staff.get("/odd")
    assert answer.status_code == 400
    assert "Nothing was changed" in answer.content.decode()


def test_the_code_on_the_page_begins_the_request_id_of_the_log(staff, site):
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        html = staff.get("/broken").content.decode()
    ids = {str(line.get("request_id", ""))[: errors.REFERENCE_LENGTH] for line in lines}
    assert "Something broke, nothing was saved" in html
    assert code_in(html) in ids


@pytest.mark.django_db
def test_a_broken_page_needs_no_database(django_assert_num_queries):
    with django_assert_num_queries(0), translation.override("en"):
        answer = errors.broken(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "nothing was saved" in answer.content.decode()


def test_when_even_the_template_fails_there_are_plain_words(monkeypatch):
    def fails(*args, **kwargs):
        raise TemplateDoesNotExist("500.html")

    monkeypatch.setattr(errors, "render_to_string", fails)
    answer = errors.broken(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert b"nothing was saved" in answer.content


def test_a_failure_before_the_request_has_an_id_gets_one_that_is_logged():
    structlog.contextvars.clear_contextvars()
    with structlog.testing.capture_logs() as lines:
        code = errors.reference(RequestFactory().get("/x/"))
    assert [line["request_id"][: len(code)] for line in lines] == [code]


def test_a_form_that_waited_too_long_is_told_so(clerk):
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    client.force_login(clerk, backend="staff.backends.MemberBackend")
    answer = client.post("/language/", {"language": "en"})
    assert answer.status_code == 403
    assert "this page waited too long" in answer.content.decode()
