"""What a prescription and an override keep besides, and alerts about supplies. No override was written before this
migration, so that a key by default is enough."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import isocourse.store.keys


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0030_sent_forms"),
    ]

    operations = [
        migrations.CreateModel(
            name="SupplyAlert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(default=isocourse.store.keys.new_key, editable=False, max_length=32, unique=True),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("outside", "supplied outside the clinic's prescriptions"),
                            ("voided", "supplied on a prescription that was voided"),
                            ("withheld", "supplied although it was to be withheld"),
                        ],
                        max_length=16,
                    ),
                ),
                ("event_id", models.CharField(max_length=64)),
                ("rules", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_how", models.TextField(blank=True, default="")),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.AlterModelOptions(
            name="override",
            options={"ordering": ["-pk"]},
        ),
        migrations.AddField(
            model_name="document",
            name="void_reason",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="document",
            name="voided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="override",
            name="key",
            field=models.CharField(default=isocourse.store.keys.new_key, editable=False, max_length=32, unique=True),
        ),
        migrations.AddField(
            model_name="override",
            name="proposal",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="override",
            name="withdrawn_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(fields=("override",), name="one_document_of_an_override"),
        ),
        migrations.AddField(
            model_name="supplyalert",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="supplyalert",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="supply_alerts", to="store.patient"
            ),
        ),
        migrations.AddField(
            model_name="supplyalert",
            name="settled_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
    ]
