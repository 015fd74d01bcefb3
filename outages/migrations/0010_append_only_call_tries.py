"""What came of a call is append-only: the database refuses to change or delete a try."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER outages_call_try_append_only
    BEFORE UPDATE OR DELETE ON outages_calltry
    FOR EACH ROW EXECUTE FUNCTION workorders_refuse_change();
"""
BACKWARD = "DROP TRIGGER outages_call_try_append_only ON outages_calltry;"


class Migration(migrations.Migration):
    dependencies = [("outages", "0009_posters_and_calls"), ("workorders", "0002_append_only_events")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
