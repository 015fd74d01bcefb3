"""The pages that say whether everything runs: three for machines, one for people."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView
from prometheus_client import CollectorRegistry, generate_latest

from common import health
from common.access import require


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is alive. Asks nobody else, so a slow database does not get web processes killed."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Every line as JSON; 503 while something vital is amiss."""
    found = health.findings(timezone.now())
    ready = health.is_ready(found)
    checks = {one.name: {"ok": one.ok, "vital": one.vital, "figure": one.figure} for one in found}
    return JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else 503)


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics, for our own networks or with the token; for everybody else the page does not exist."""
    if not health.may_scrape(request):
        raise Http404
    registry = CollectorRegistry(auto_describe=False)
    registry.register(health.HealthCollector(timezone.now()))
    response = ExportToDjangoView(request)
    response.content += generate_latest(registry)
    return response


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """“How it runs”, in words, for those who answer for it."""
    require(health.can_watch(request.user))
    found = health.findings(timezone.now())
    bad = [one for one in found if not one.ok]
    return render(request, "common/health.html", {"found": found, "bad": bad})
