"""The timeline is append-only: the database refuses to change an event, and to delete one outside retention."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION workorders_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('denghuo.retention', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER workorders_event_append_only
    BEFORE UPDATE OR DELETE ON workorders_event
    FOR EACH ROW EXECUTE FUNCTION workorders_refuse_change();
"""

BACKWARD = """
DROP TRIGGER workorders_event_append_only ON workorders_event;
DROP FUNCTION workorders_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("workorders", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
