"""Is everything running? Every room registers a line (`HealthLine`); the machine's pages and the people's page read
them.

A probe answers ``(ok, figure, words)``: the figure is for machines (seconds, days, a count), the words are for people.
"""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address, ip_network

import redis
from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from prometheus_client.core import GaugeMetricFamily

from common.access import ALLOW, Decision, deny
from common.contributions import HealthLine, SettingsPage, health_checks, settings_pages

logger = logging.getLogger(__name__)
WATCHERS = frozenset({"supervisor", "manager", "dispatch_supervisor", "auditor", "administrator"})


@dataclass(frozen=True)
class Finding:
    """What one line says at one instant."""

    name: str
    label: str | Promise
    ok: bool
    vital: bool
    figure: float | None
    words: str | Promise


def findings(now: datetime) -> list[Finding]:
    """Every line, in order; a probe that raises is a line that is not well."""
    return [examine(line, now) for line in health_checks]


def examine(line: HealthLine, now: datetime) -> Finding:
    try:
        ok, figure, words = line.probe(now)
    except Exception:
        logger.exception("health probe failed: %s", line.name)
        ok, figure, words = False, None, _("This cannot be checked just now; the log says why.")
    return Finding(line.name, line.label or line.name, bool(ok), line.vital, figure, words)


def is_ready(found: list[Finding]) -> bool:
    """Whether nothing vital is amiss; lines that only warn do not count."""
    return all(finding.ok for finding in found if finding.vital)


def database(_now: datetime) -> tuple[bool, float, str]:
    """One round trip to PostgreSQL; the figure is milliseconds."""
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("select 1")
        cursor.fetchone()
    took_ms = (time.perf_counter() - started) * 1000
    return True, round(took_ms, 1), _("Answers in %(ms)s ms.") % {"ms": f"{took_ms:.0f}"}


def broker(_now: datetime) -> tuple[bool, float | None, str]:
    """One round trip to Redis; without it the command line still sweeps and sends."""
    started = time.perf_counter()
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1)
    try:
        client.ping()
    except redis.RedisError:
        return False, None, _("Redis does not answer. Background work waits; “manage.py run_clocks” does it meanwhile.")
    finally:
        client.close()
    took_ms = (time.perf_counter() - started) * 1000
    return True, round(took_ms, 1), _("Answers in %(ms)s ms.") % {"ms": f"{took_ms:.0f}"}


settings_pages.register(
    "health",
    SettingsPage(
        label=gettext_lazy("How it runs"),
        text=gettext_lazy("Database, background work, messages and calendar: what is well and what is not."),
        icon="heart",
        url_name="common:health",
        roles=WATCHERS,
    ),
    order=90,
)
health_checks.register("database", HealthLine("database", database, gettext_lazy("Database")), order=10)
health_checks.register("broker", HealthLine("broker", broker, gettext_lazy("Broker")), order=20)


# ── who may look ────────────────────────────────────────────────────────


def can_watch(actor: object) -> Decision:
    """Supervisors, auditors and administrators read the health page."""
    if WATCHERS.isdisjoint(getattr(actor, "roles", ())):
        return deny(_("This page is for supervisors, auditors and administrators."))
    return ALLOW


def may_scrape(request: HttpRequest) -> bool:
    """Whether the asker may read the metrics: the token, or one of our networks asking directly.

    A request that came through a proxy carries the proxy's address, so its network proves nothing.
    """
    token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if settings.METRICS_TOKEN and constant_time_compare(token, settings.METRICS_TOKEN):
        return True
    if request.headers.get("X-Forwarded-For") or request.headers.get("Forwarded"):
        return False
    try:
        asker = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(asker in ip_network(network) for network in settings.METRICS_NETWORKS)


class HealthCollector:
    """The health lines as Prometheus gauges, read afresh at every scrape."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        ok = GaugeMetricFamily("denghuo_health_ok", "1 when this line is well.", labels=["check"])
        figure = GaugeMetricFamily("denghuo_health_figure", "The line's own figure.", labels=["check"])
        for finding in findings(self.now):
            ok.add_metric([finding.name], float(finding.ok))
            if finding.figure is not None:
                figure.add_metric([finding.name], float(finding.figure))
        yield from (ok, figure)
