"""The source of a limit has a name in English too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workorders", "0003_vacuum_clocks_often")]

    operations = [
        migrations.AddField(
            model_name="policyrule",
            name="label_en",
            field=models.CharField(blank=True, default="", max_length=40, verbose_name="English short name"),
            preserve_default=False,
        ),
    ]
