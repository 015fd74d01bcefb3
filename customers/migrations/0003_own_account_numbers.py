"""Numbers for customers who are entered at the counter before the billing system has given them one."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_append_only_views")]
    operations = [migrations.RunSQL("CREATE SEQUENCE customers_account_no", "DROP SEQUENCE customers_account_no")]
