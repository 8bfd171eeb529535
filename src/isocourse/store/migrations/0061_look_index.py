"""The book of looks is read by person and time (administration)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0060_clinic_administration"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="look",
            index=models.Index(fields=["user", "-at"], name="store_look_user_id_625324_idx"),
        ),
    ]
