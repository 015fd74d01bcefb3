"""What the database itself keeps of orderly use: the story, what was approved, and that nobody exempt is asked."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER outages_orderly_event_append_only
    BEFORE UPDATE OR DELETE ON outages_orderlyevent
    FOR EACH ROW EXECUTE FUNCTION workorders_refuse_change();

CREATE FUNCTION outages_keep_approved_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'approved' AND OLD.state <> 'approved' AND NEW.approved_by_id = ANY(NEW.writers) THEN
        RAISE EXCEPTION 'a plan is approved by somebody who did not write it' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.approved_at IS NOT NULL AND
        (NEW.name, NEW.unit_id, NEW.peak_mw, NEW.shortage_mw, NEW.level, NEW.skip_reason, NEW.writers,
         NEW.approved_by_id, NEW.approved_at)
        IS DISTINCT FROM
        (OLD.name, OLD.unit_id, OLD.peak_mw, OLD.shortage_mw, OLD.level, OLD.skip_reason, OLD.writers,
         OLD.approved_by_id, OLD.approved_at) THEN
        RAISE EXCEPTION 'an approved plan stays as it is' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER outages_plan_stays BEFORE UPDATE ON outages_orderlyplan
    FOR EACH ROW EXECUTE FUNCTION outages_keep_approved_plan();

CREATE FUNCTION outages_keep_frozen_parts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    plan bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.plan_id ELSE NEW.plan_id END;
BEGIN
    IF EXISTS (SELECT FROM outages_orderlyplan WHERE id = plan AND state <> 'draft')
        OR TG_OP = 'UPDATE' AND NEW.plan_id <> OLD.plan_id THEN
        RAISE EXCEPTION '% of a plan that is no draft stay as they are', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER outages_batch_frozen BEFORE INSERT OR UPDATE OR DELETE ON outages_batch
    FOR EACH ROW EXECUTE FUNCTION outages_keep_frozen_parts();
CREATE TRIGGER outages_batch_user_frozen BEFORE INSERT OR UPDATE OR DELETE ON outages_batchuser
    FOR EACH ROW EXECUTE FUNCTION outages_keep_frozen_parts();
CREATE TRIGGER outages_exemption_frozen BEFORE INSERT OR UPDATE OR DELETE ON outages_exemption
    FOR EACH ROW EXECUTE FUNCTION outages_keep_frozen_parts();

CREATE FUNCTION outages_refuse_exempt_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM customers_customer WHERE id = NEW.customer_id AND (
            importance <> 'none' OR klass IN ('residential', 'agricultural')
            OR flags::text[] && ARRAY['life_support', 'medical'])
    ) OR EXISTS (SELECT FROM outages_exemption WHERE plan_id = NEW.plan_id AND customer_id = NEW.customer_id) THEN
        RAISE EXCEPTION 'customer % is exempt from orderly use', NEW.customer_id USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT FROM outages_batch WHERE id = NEW.batch_id AND plan_id = NEW.plan_id) THEN
        RAISE EXCEPTION 'batch % is of another plan', NEW.batch_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER outages_batch_user_not_exempt BEFORE INSERT OR UPDATE ON outages_batchuser
    FOR EACH ROW EXECUTE FUNCTION outages_refuse_exempt_user();

CREATE FUNCTION outages_refuse_exempting_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM outages_batchuser WHERE plan_id = NEW.plan_id AND customer_id = NEW.customer_id) THEN
        RAISE EXCEPTION 'customer % stands in a batch', NEW.customer_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER outages_exemption_not_in_batch BEFORE INSERT OR UPDATE ON outages_exemption
    FOR EACH ROW EXECUTE FUNCTION outages_refuse_exempting_user();
"""

BACKWARD = """
DROP TRIGGER outages_exemption_not_in_batch ON outages_exemption;
DROP TRIGGER outages_batch_user_not_exempt ON outages_batchuser;
DROP TRIGGER outages_exemption_frozen ON outages_exemption;
DROP TRIGGER outages_batch_user_frozen ON outages_batchuser;
DROP TRIGGER outages_batch_frozen ON outages_batch;
DROP TRIGGER outages_plan_stays ON outages_orderlyplan;
DROP TRIGGER outages_orderly_event_append_only ON outages_orderlyevent;
DROP FUNCTION outages_refuse_exempting_user();
DROP FUNCTION outages_refuse_exempt_user();
DROP FUNCTION outages_keep_frozen_parts();
DROP FUNCTION outages_keep_approved_plan();
"""


class Migration(migrations.Migration):
    dependencies = [("outages", "0011_orderly_use"), ("workorders", "0002_append_only_events")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
