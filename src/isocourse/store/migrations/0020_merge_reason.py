"""Why two records were merged is kept with the record that was merged."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0002_append_only")]

    operations = [
        migrations.AddField(
            model_name="patient",
            name="merge_reason",
            field=models.TextField(blank=True, default="", editable=False),
        ),
    ]
