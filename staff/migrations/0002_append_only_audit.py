"""The audit is append-only: the database itself refuses to change or delete an entry."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION staff_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER staff_auditentry_append_only
    BEFORE UPDATE OR DELETE ON staff_auditentry
    FOR EACH ROW EXECUTE FUNCTION staff_refuse_change();
"""

BACKWARD = """
DROP TRIGGER staff_auditentry_append_only ON staff_auditentry;
DROP FUNCTION staff_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
