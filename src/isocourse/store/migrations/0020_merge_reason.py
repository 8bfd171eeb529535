"""Why two records were merged is kept with the record that was merged."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0010_work_places")]

    operations = [
        migrations.AddField(
            model_name="patient",
            name="merge_reason",
            field=models.TextField(blank=True, default="", editable=False),
        ),
    ]
