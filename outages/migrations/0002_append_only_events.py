"""The timeline is append-only: the database refuses to change or delete an event."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER outages_event_append_only
    BEFORE UPDATE OR DELETE ON outages_outageevent
    FOR EACH ROW EXECUTE FUNCTION workorders_refuse_change();
"""
BACKWARD = "DROP TRIGGER outages_event_append_only ON outages_outageevent;"


class Migration(migrations.Migration):
    dependencies = [("outages", "0001_initial"), ("workorders", "0002_append_only_events")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
