"""Addresses of orderly use, below /outages/orderly/; part of the outages room."""

from django.urls import path

from outages.views import orderly, orderly_runs

PLAN, RUN = "plans/<str:code>/<int:number>/", "runs/<str:code>/"
urlpatterns = [
    path("", orderly.plans, name="orderly"),
    path("new/", orderly.new, name="orderly_new"),
    path(PLAN, orderly.plan, name="orderly_plan"),
    path(f"{PLAN}edit/", orderly.change, name="orderly_edit"),
    path(f"{PLAN}batches/new/", orderly.batch, name="orderly_batch_new"),
    path(f"{PLAN}batches/<int:batch>/", orderly.batch, name="orderly_batch"),
    path(f"{PLAN}batches/<int:batch>/remove/", orderly.batch_remove, name="orderly_batch_remove"),
    path(f"{PLAN}exempt/", orderly.exempt, name="orderly_exempt"),
    path(f"{PLAN}exempt/new/", orderly.exempt_new, name="orderly_exempt_new"),
    path(f"{PLAN}exempt/<str:account>/lift/", orderly.exempt_lift, name="orderly_exempt_lift"),
    path(f"{PLAN}act/<slug:slug>/", orderly.act, name="orderly_act"),
    path(RUN, orderly_runs.run, name="orderly_run"),
    path(f"{RUN}users/", orderly_runs.users, name="orderly_users"),
    path(f"{RUN}users/<str:account>/", orderly_runs.receipt, name="orderly_receipt"),
    path(f"{RUN}proofs/<uuid:proof_id>/", orderly_runs.proof, name="orderly_proof"),
    path(f"{RUN}report/", orderly_runs.report, name="orderly_report"),
    path(f"{RUN}act/<slug:slug>/", orderly_runs.act, name="orderly_run_act"),
]
