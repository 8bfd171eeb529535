"""The database refuses to change or delete what is kept for ever (store/append_only.py)."""

from collections.abc import Callable
from typing import Any

from django.db import migrations

from isocourse.store.append_only import FIRST, guards, unguards


def _run(statements: Callable[..., list[str]]) -> Callable[[Any, Any], None]:
    def run(apps: Any, schema_editor: Any) -> None:
        for statement in statements(schema_editor.connection.vendor, FIRST):
            schema_editor.execute(statement, params=None)  # as written: no placeholders

    return run


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]
    operations = [migrations.RunPython(_run(guards), _run(unguards))]
