"""Lead times that were shipped before receipts had a time of their own."""

from django.db import migrations

HOURS = {"planned": 72, "temporary": 6}


def give(apps, schema_editor):
    rules = apps.get_model("outages", "LeadRule").objects.filter(receipt_hours=0)
    for kind, hours in HOURS.items():
        rules.filter(kind=kind).update(receipt_hours=hours)


class Migration(migrations.Migration):
    dependencies = [("outages", "0006_owed_tasks")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
