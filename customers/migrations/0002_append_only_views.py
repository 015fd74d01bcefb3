"""The view log refuses UPDATE and DELETE, whoever asks; only the retention job may take out what is past its time.

It says so for its own transaction: ``SET LOCAL denghuo.retention = 'on'`` (standards H1, H2: at least six months).
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION customers_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('denghuo.retention', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER customers_viewlog_append_only BEFORE UPDATE OR DELETE ON customers_viewlog
    FOR EACH ROW EXECUTE FUNCTION customers_refuse_change();
"""
BACKWARD = """
DROP TRIGGER customers_viewlog_append_only ON customers_viewlog;
DROP FUNCTION customers_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
