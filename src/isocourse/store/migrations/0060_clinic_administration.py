"""Settings with their history and signatures, one-time passwords, sessions that can be ended everywhere."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import isocourse.store.keys
import isocourse.store.models.people
from isocourse.store.append_only import guards, unguards

TABLES = ("store_clinicsettingsversion",)


def guard(apps: Any, schema_editor: Any) -> None:
    for statement in guards(schema_editor.connection.vendor, TABLES):
        schema_editor.execute(statement, params=None)


def unguard(apps: Any, schema_editor: Any) -> None:
    for statement in unguards(schema_editor.connection.vendor, TABLES):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0050_inbox_not_read_and_written"),
    ]

    operations = [
        migrations.AddField(
            model_name="clinic",
            name="second_factor_roles",
            field=models.JSONField(blank=True, default=isocourse.store.models.people.team_roles),
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="problem",
            field=models.CharField(blank=True, default="", max_length=60),
        ),
        migrations.AddField(
            model_name="user",
            name="must_change_password",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="user",
            name="one_time_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="user",
            name="sign_in_epoch",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="ClinicSettingsVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("what", models.CharField(max_length=120)),
                ("edition", models.CharField(max_length=200)),
                ("content", models.JSONField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="settings_versions", to="store.clinic"
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["clinic", "-number"],
                "constraints": [models.UniqueConstraint(fields=("clinic", "number"), name="one_version_of_a_number")],
            },
        ),
        migrations.CreateModel(
            name="SettingsProposal",
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
                            ("value", "A limit or schedule"),
                            ("rule", "A rule switched off or on"),
                            ("adoption", "A version adopted"),
                            ("second_signature", "The second signature"),
                        ],
                        max_length=20,
                    ),
                ),
                ("target", models.CharField(max_length=80)),
                ("content", models.JSONField(null=True)),
                ("from_day", models.DateField()),
                ("reason", models.TextField(blank=True, default="")),
                ("departs", models.BooleanField(default=False)),
                ("at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waits for a prescriber"),
                            ("signed", "signed"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proposals", to="store.clinic"
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("clinic", "kind", "target"),
                        name="one_waiting_proposal_of_a_target",
                    )
                ],
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
