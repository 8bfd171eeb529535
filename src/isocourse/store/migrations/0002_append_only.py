"""The database refuses to change or delete what is kept for ever, and what was signed (store/append_only.py)."""

from django.db import migrations

from isocourse.store.append_only import guard, unguard


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
