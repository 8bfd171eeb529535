"""Every table. Made by Django from store/models; whoever changes those adds a migration after it."""

import datetime

import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import isocourse.store.keys
import isocourse.store.models.people


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("chain", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("number", models.PositiveBigIntegerField(default=0)),
                ("digest", models.CharField(default="", max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Clinic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(default=isocourse.store.keys.new_key, editable=False, max_length=32, unique=True),
                ),
                ("name", models.CharField(max_length=200)),
                ("programme", models.CharField(max_length=8)),
                ("settings", models.TextField(blank=True, default="")),
                ("adopted", models.JSONField(blank=True, default=dict)),
                ("language", models.CharField(default="en-gb", max_length=16)),
                (
                    "lab_units",
                    models.CharField(
                        choices=[("si", "mmol/L, µmol/L"), ("conventional", "mg/dL")], default="si", max_length=16
                    ),
                ),
                (
                    "weight_units",
                    models.CharField(choices=[("kg", "kg"), ("[lb_av]", "lb")], default="kg", max_length=8),
                ),
                ("letterhead", models.TextField(blank=True, default="")),
                ("phone", models.CharField(blank=True, default="", max_length=40)),
                ("products", models.JSONField(blank=True, default=list)),
                ("second_signature", models.BooleanField(default=False)),
                ("second_factor_roles", models.JSONField(blank=True, default=isocourse.store.models.people.team_roles)),
                ("demonstration", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("prescriber", "Prescriber"),
                            ("nurse", "Nurse"),
                            ("administrator", "Administrator"),
                            ("patient", "Patient"),
                        ],
                        default="patient",
                        max_length=16,
                    ),
                ),
                (
                    "code",
                    models.CharField(default=isocourse.store.keys.new_key, editable=False, max_length=64, unique=True),
                ),
                ("title", models.CharField(blank=True, default="", max_length=200)),
                ("theme", models.CharField(default="system", max_length=8)),
                ("must_change_password", models.BooleanField(default=False)),
                ("one_time_until", models.DateTimeField(blank=True, null=True)),
                ("sign_in_epoch", models.PositiveIntegerField(default=0)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="users",
                        to="store.clinic",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "abstract": False,
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("chain", models.CharField(max_length=32)),
                ("number", models.PositiveBigIntegerField()),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=64)),
                ("role", models.CharField(max_length=16)),
                ("act", models.CharField(max_length=40)),
                ("subject", models.CharField(blank=True, default="", max_length=64)),
                ("detail", models.JSONField(default=dict)),
                ("before", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ["chain", "number"],
                "indexes": [models.Index(fields=["subject"], name="store_audit_subject_5e1fee_idx")],
                "constraints": [models.UniqueConstraint(fields=("chain", "number"), name="one_entry_of_a_number")],
            },
        ),
        migrations.CreateModel(
            name="InboxReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(default=isocourse.store.keys.new_key, editable=False, max_length=32, unique=True),
                ),
                (
                    "form",
                    models.CharField(
                        choices=[("csv", "CSV"), ("fhir", "FHIR Bundle"), ("hl7", "HL7 v2 ORU")], max_length=8
                    ),
                ),
                ("source", models.TextField()),
                ("encoding", models.CharField(default="utf-8", max_length=16)),
                ("digest", models.CharField(max_length=64)),
                ("not_read", models.JSONField(default=list)),
                ("came_at", models.DateTimeField()),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="store.clinic"
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Patient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(default=isocourse.store.keys.new_key, editable=False, max_length=32, unique=True),
                ),
                ("number", models.CharField(help_text="The clinic's own number of the patient", max_length=40)),
                ("given_name", models.CharField(max_length=100)),
                ("family_name", models.CharField(max_length=100)),
                ("born", models.DateField(blank=True, null=True)),
                ("phone", models.CharField(blank=True, default="", max_length=40)),
                ("email", models.EmailField(blank=True, default="", max_length=254)),
                ("address", models.TextField(blank=True, default="")),
                ("last_seq", models.PositiveIntegerField(default=0)),
                ("merge_reason", models.TextField(blank=True, default="", editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("state", models.CharField(default="new", editable=False, max_length=16)),
                ("risk", models.PositiveSmallIntegerField(default=9, editable=False)),
                ("valid_until", models.DateTimeField(blank=True, editable=False, null=True)),
                ("summary", models.JSONField(default=dict, editable=False)),
                (
                    "account",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="patient",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="patients", to="store.clinic"
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="store.patient",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OutboxMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("payload", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "waiting"), ("sent", "sent"), ("failed", "failed")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("problem", models.CharField(blank=True, default="", max_length=60)),
                ("not_before", models.DateTimeField()),
                ("created_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "clinic",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to="store.clinic"),
                ),
                (
                    "patient",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="store.patient"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("page", models.CharField(max_length=40)),
                ("broke_glass", models.BooleanField(default=False)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="looks", to="store.patient"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="InboxResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(default=isocourse.store.keys.new_key, editable=False, max_length=32, unique=True),
                ),
                ("named", models.JSONField(help_text="How the report names the person: number, names, birth date")),
                (
                    "events",
                    models.JSONField(
                        help_text="What would be written down, without ids, as `exchange.lab_reports.Found`"
                    ),
                ),
                ("not_read", models.JSONField(default=list)),
                (
                    "written",
                    models.JSONField(
                        default=list, help_text="What was written down: the place in `events`, and the event's id"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting for a person to confirm"),
                            ("filed", "filed"),
                            ("aside", "kept aside"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField(null=True)),
                ("remark", models.CharField(blank=True, default="", max_length=200)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.clinic")),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="results", to="store.inboxreport"
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.patient"
                    ),
                ),
                (
                    "suggested",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.patient"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("form", models.CharField(max_length=40)),
                ("fields", models.JSONField(default=dict)),
                ("seen_seq", models.PositiveIntegerField(default=0)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="store.patient"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BreakGlass",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.patient"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(max_length=500)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="views", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
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
            },
        ),
        migrations.CreateModel(
            name="StoredDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("decided_at", models.DateTimeField()),
                ("as_of", models.DateField()),
                ("seen_seq", models.PositiveIntegerField()),
                (
                    "trigger",
                    models.CharField(
                        choices=[
                            ("event", "something was written down"),
                            ("time", "time went by"),
                            ("edition", "the protocol or the clinic's settings changed"),
                            ("prescribing", "a prescription was asked for"),
                        ],
                        max_length=16,
                    ),
                ),
                ("edition", models.CharField(max_length=80)),
                ("supply", models.CharField(max_length=16)),
                ("capsules_in_hand", models.CharField(max_length=16)),
                ("complete", models.BooleanField()),
                ("headline", models.TextField()),
                ("valid_until", models.DateTimeField(null=True)),
                ("answer", models.BinaryField()),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="store.patient"
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="SentForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=32, unique=True)),
                ("form", models.CharField(max_length=40)),
                ("events", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sent_forms", to="store.patient"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.storeddecision"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="patient",
            name="decision",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="store.storeddecision",
            ),
        ),
        migrations.CreateModel(
            name="Override",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(default=isocourse.store.keys.new_key, editable=False, max_length=32, unique=True),
                ),
                ("rules", models.JSONField()),
                ("proposal", models.JSONField(default=dict)),
                ("ground", models.CharField(max_length=40)),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                ("needs_second", models.BooleanField(default=False)),
                ("second_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "second_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="overrides", to="store.patient"
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="overrides", to="store.storeddecision"
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(default=isocourse.store.keys.new_key, editable=False, max_length=32, unique=True),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("prescription", "Prescription"), ("recall", "Recall letter")], max_length=16
                    ),
                ),
                ("event_id", models.CharField(blank=True, default="", max_length=64)),
                ("content", models.JSONField()),
                ("at", models.DateTimeField()),
                ("voided_at", models.DateTimeField(null=True)),
                ("void_reason", models.TextField(blank=True, default="")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="store.clinic")),
                (
                    "voided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "override",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="store.override"),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="documents", to="store.patient"
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="store.storeddecision"
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="StoredEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField()),
                ("event_id", models.CharField(default=isocourse.store.keys.new_event_id, max_length=64, unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("happened_on", models.CharField(max_length=10)),
                ("recorded_at", models.DateTimeField()),
                ("body", models.TextField()),
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
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="store.patient"
                    ),
                ),
            ],
        ),
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
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="supply_alerts", to="store.patient"
                    ),
                ),
                (
                    "settled_by",
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
            },
        ),
        migrations.CreateModel(
            name="WorkItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(default="new", max_length=16)),
                ("kind", models.CharField(max_length=24)),
                ("place", models.CharField(default="dated", max_length=12)),
                ("rank", models.PositiveSmallIntegerField(default=0)),
                ("risk", models.PositiveSmallIntegerField()),
                ("says", models.TextField()),
                ("why", models.TextField(blank=True, default="")),
                ("who", models.CharField(max_length=16)),
                ("earliest", models.DateField(null=True)),
                ("due", models.DateField(null=True)),
                ("by_day", models.DateField(default=datetime.date(9999, 12, 31))),
                ("closes_at", models.DateTimeField(null=True)),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="store.clinic")),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="work", to="store.patient"
                    ),
                ),
            ],
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
        migrations.AddConstraint(
            model_name="inboxreport",
            constraint=models.UniqueConstraint(fields=("clinic", "digest"), name="one_report_of_a_content"),
        ),
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(fields=["state", "not_before"], name="store_outbo_state_1b0457_idx"),
        ),
        migrations.AddIndex(
            model_name="look",
            index=models.Index(fields=["patient", "-at"], name="store_look_patient_ef013b_idx"),
        ),
        migrations.AddIndex(
            model_name="look",
            index=models.Index(fields=["user", "-at"], name="store_look_user_id_625324_idx"),
        ),
        migrations.AddIndex(
            model_name="inboxresult",
            index=models.Index(fields=["clinic", "state"], name="store_inbox_clinic__780f49_idx"),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(fields=("user", "patient", "form"), name="one_draft_of_a_form"),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(fields=("user", "name"), name="one_view_of_a_name"),
        ),
        migrations.AddConstraint(
            model_name="settingsproposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")),
                fields=("clinic", "kind", "target"),
                name="one_waiting_proposal_of_a_target",
            ),
        ),
        migrations.AddIndex(
            model_name="storeddecision",
            index=models.Index(fields=["patient", "-decided_at"], name="store_store_patient_443641_idx"),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(fields=["clinic", "family_name", "given_name"], name="store_patie_clinic__750c04_idx"),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(fields=["clinic", "state", "risk"], name="store_patie_clinic__4ef1b1_idx"),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(fields=["valid_until"], name="store_patie_valid_u_a43099_idx"),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.UniqueConstraint(fields=("clinic", "number"), name="one_patient_of_a_number"),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.UniqueConstraint(fields=("override",), name="one_document_of_an_override"),
        ),
        migrations.AddIndex(
            model_name="storedevent",
            index=models.Index(fields=["patient", "kind"], name="store_store_patient_1deb4a_idx"),
        ),
        migrations.AddConstraint(
            model_name="storedevent",
            constraint=models.UniqueConstraint(fields=("patient", "seq"), name="one_event_of_a_seq"),
        ),
        migrations.AddIndex(
            model_name="workitem",
            index=models.Index(fields=["clinic", "place", "risk", "by_day", "id"], name="work_by_place"),
        ),
        migrations.AddIndex(
            model_name="workitem",
            index=models.Index(fields=["clinic", "place", "by_day", "id"], name="work_by_place_and_day"),
        ),
        migrations.AddIndex(
            model_name="workitem",
            index=models.Index(fields=["clinic", "risk", "by_day", "id"], name="work_by_risk"),
        ),
        migrations.AddIndex(
            model_name="workitem",
            index=models.Index(fields=["clinic", "by_day", "id"], name="work_by_day"),
        ),
        migrations.AddIndex(
            model_name="workitem",
            index=models.Index(fields=["clinic", "kind", "risk", "by_day", "id"], name="work_by_kind"),
        ),
        migrations.AddIndex(
            model_name="workitem",
            index=models.Index(fields=["clinic", "state", "risk", "by_day", "id"], name="work_by_state"),
        ),
        migrations.AddIndex(
            model_name="workitem",
            index=models.Index(fields=["clinic", "state", "by_day", "id"], name="work_by_state_and_day"),
        ),
        migrations.AddIndex(
            model_name="workitem",
            index=models.Index(fields=["clinic", "who", "risk", "by_day", "id"], name="work_by_who"),
        ),
        migrations.AddIndex(
            model_name="workitem",
            index=models.Index(fields=["patient", "rank"], name="work_of_patient"),
        ),
    ]
