"""The clocks' queue index is read from its oldest end: dead rows there are cleared early, not after a fifth of the table."""

from django.db import migrations

OFTEN = (
    "ALTER TABLE workorders_clock SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05)"
)
USUAL = "ALTER TABLE workorders_clock RESET (autovacuum_vacuum_scale_factor, autovacuum_analyze_scale_factor)"


class Migration(migrations.Migration):
    dependencies = [("workorders", "0002_append_only_events")]

    operations = [migrations.RunSQL(OFTEN, USUAL)]
