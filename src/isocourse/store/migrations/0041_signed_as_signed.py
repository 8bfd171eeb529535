"""The database refuses to change what was signed (store/append_only.py)."""

from collections.abc import Callable
from typing import Any

from django.db import migrations

from isocourse.store.append_only import guards_of_signed, unguards_of_signed


def _run(statements: Callable[[str], list[str]]) -> Callable[[Any, Any], None]:
    def run(apps: Any, schema_editor: Any) -> None:
        for statement in statements(schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)  # as written: no placeholders

    return run


class Migration(migrations.Migration):
    dependencies = [("store", "0040_prescribing")]
    operations = [migrations.RunPython(_run(guards_of_signed), _run(unguards_of_signed))]
