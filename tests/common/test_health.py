"""The machine's pages (/healthz, /readyz, /metrics) and the people's page about what runs."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common import health
from common.contributions import HealthLine, health_checks
from staff.choices import Role
from tests.staff import factories


@pytest.fixture
def lines(monkeypatch):
    """Only the lines a test puts in."""
    monkeypatch.setattr(health_checks, "_items", {})

    def put(name, answer, **options):
        def probe(now):
            if isinstance(answer, Exception):
                raise answer
            return answer

        health_checks.register(name, HealthLine(name, probe, label=name.title(), **options))

    return put


def test_healthz_answers_without_asking_the_database(client: Client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = client.get("/healthz")

    assert response.status_code == 200


@pytest.mark.django_db
def test_readyz_with_database_and_broker_running_is_ready_on_both():
    found = {one.name: one for one in health.findings(timezone.now())}

    assert found["database"].ok
    assert found["broker"].ok


@pytest.mark.django_db
def test_readyz_names_every_line_and_answers_200_when_all_are_well(client, lines):
    lines("sweep", (True, 4.0, "4 s ago"))

    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"ready": True, "checks": {"sweep": {"ok": True, "vital": True, "figure": 4.0}}}


@pytest.mark.django_db
@pytest.mark.parametrize(("vital", "status"), [(True, 503), (False, 200)])
def test_readyz_answers_503_only_for_a_vital_line(client, lines, vital, status):
    lines("calendar", (False, 12, "12 days"), vital=vital)

    assert client.get("/readyz").status_code == status


@pytest.mark.django_db
def test_probe_that_raises_is_a_line_that_is_not_well_and_hides_no_other(client, lines):
    lines("sweep", RuntimeError("gone"))
    lines("sender", (True, 1, "fine"))

    checks = client.get("/readyz").json()["checks"]

    assert checks == {
        "sweep": {"ok": False, "vital": True, "figure": None},
        "sender": {"ok": True, "vital": True, "figure": 1},
    }


def test_broker_that_is_down_is_said_in_words_within_two_seconds(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    ok, figure, words = health.broker(timezone.now())

    assert (ok, figure) == (False, None)
    assert "run_clocks" in str(words)


# ── metrics ─────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_metrics_hold_requests_and_health_lines(client, lines):
    lines("sweep", (True, 4.0, "4 s ago"))
    client.get("/healthz")

    text = client.get("/metrics").content.decode()

    assert 'denghuo_health_ok{check="sweep"} 1.0' in text
    assert 'denghuo_health_figure{check="sweep"} 4.0' in text
    assert "django_http_requests_total" in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asker", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("203.0.113.9", {}, 404),
        ("203.0.113.9", {"Authorization": "Bearer right"}, 200),
        ("203.0.113.9", {"Authorization": "Bearer wrong"}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, 404),  # a proxy on this machine asks for somebody else
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9", "Authorization": "Bearer right"}, 200),
    ],
)
def test_metrics_are_for_own_networks_or_the_token(client, settings, asker, headers, status):
    settings.METRICS_TOKEN = "right"

    assert client.get("/metrics", headers=headers, REMOTE_ADDR=asker).status_code == status


@pytest.mark.django_db
def test_metrics_without_a_token_set_refuse_an_empty_one(client, settings):
    settings.METRICS_TOKEN = ""

    response = client.get("/metrics", headers={"Authorization": "Bearer "}, REMOTE_ADDR="203.0.113.9")

    assert response.status_code == 404


# ── the page ────────────────────────────────────────────────────────────


@pytest.fixture
def town(db):
    return factories.company()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_supervisor_reads_what_is_wrong_first(client, town, lines, language):
    lines("database", (True, 1, "Answers in 1 ms."))
    lines("sweep", (False, 900, "Silent for 15 minutes."))
    client.force_login(factories.member("XL0009", "周婷", unit=town.top, roles=[Role.SUPERVISOR]))
    client.cookies["django_language"] = language

    text = client.get(reverse("common:health")).content.decode()

    assert text.index("Silent for 15 minutes.") < text.index("Answers in 1 ms.")


def test_clerk_is_refused_with_a_reason(client, town):
    client.force_login(factories.member("XL0010", "陈晓", unit=town.top, roles=[Role.CLERK]))

    assert client.get(reverse("common:health")).status_code == 403


def test_anonymous_is_sent_to_the_login(client, db):
    response = client.get(reverse("common:health"))

    assert response.status_code == 302
