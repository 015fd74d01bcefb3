"""Lists that were frozen before a version kept its transformers; the rows themselves say them."""

from django.db import migrations

FILL = """
UPDATE outages_outageversion v SET boxes = found.boxes
FROM (SELECT version_id, array_agg(DISTINCT transformer_id) AS boxes FROM outages_affected GROUP BY version_id) found
WHERE found.version_id = v.id AND v.boxes = '{}'
"""


class Migration(migrations.Migration):
    dependencies = [("outages", "0017_estimates_told")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
