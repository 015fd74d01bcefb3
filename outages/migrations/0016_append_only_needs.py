"""What somebody said the grid needs is append-only: the database refuses to change or delete it."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER outages_need_append_only
    BEFORE UPDATE OR DELETE ON outages_gridneed
    FOR EACH ROW EXECUTE FUNCTION workorders_refuse_change();
"""
BACKWARD = "DROP TRIGGER outages_need_append_only ON outages_gridneed;"


class Migration(migrations.Migration):
    dependencies = [("outages", "0015_needs_and_watch"), ("workorders", "0002_append_only_events")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
