"""The times of return that were told before they were kept: of outages whose estimate nobody changed.

What was told at the beginning stands in the first version. Where it was changed later, the last one is known only
while the power is off.
"""

from django.db import migrations

FORWARD = """
UPDATE outages_outage o SET
    first_expected_at = told.at,
    last_expected_at = CASE
        WHEN o.state = 'under_way' THEN o.expected_at
        WHEN NOT EXISTS (SELECT 1 FROM outages_outageevent e WHERE e.outage_id = o.id AND e.verb = 'estimate')
        THEN told.at
    END
FROM (
    SELECT DISTINCT ON (outage_id) outage_id, (told ->> 'expected_at')::timestamptz AS at
    FROM outages_outageversion WHERE told ->> 'expected_at' IS NOT NULL ORDER BY outage_id, number
) told
WHERE told.outage_id = o.id AND o.first_expected_at IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("outages", "0016_append_only_needs")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
