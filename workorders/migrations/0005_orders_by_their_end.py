"""“Ended today” on the board, without reading every order there ever was."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workorders", "0004_policyrule_label_en")]

    operations = [
        migrations.AddIndex(
            model_name="workorder",
            index=models.Index(
                fields=["closed_at"], name="workorders_ended", condition=models.Q(("closed_at__isnull", False))
            ),
        ),
    ]
