"""What every answer carries when the pages run as they do for patients: with TLS, without ISOCOURSE_INSECURE.

Settings are read once for a process, so each story is one of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

START = """
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
from isocourse.store.models import Clinic, User
clinic = Clinic.objects.create(name="Ours", programme="uk", second_factor_roles=[])
User.objects.create_user("nurse", password="correct horse 9", clinic=clinic, role="nurse")
LOGIN = "/account/login/"
ours = {"login": "nurse", "password": "correct horse 9"}
"""
HEADERS = """
plain = Client(headers={"host": "localhost"})
assert plain.get(LOGIN).status_code == 301 and plain.get(LOGIN)["Location"] == "https://localhost" + LOGIN
browser = Client(headers={"host": "localhost"})
pages = [browser.get(LOGIN, secure=True)]
pages.append(browser.post(LOGIN, ours, secure=True))
assert pages[-1].status_code == 302
places = ("/worklist", "/new-patient", "/nowhere", "/administration", "/health")
pages += [browser.get(place, secure=True) for place in places]
assert [page.status_code for page in pages] == [200, 302, 200, 200, 404, 403, 200]
for page in pages:
    policy = page["Content-Security-Policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy and "script-src 'self'" in policy, policy
    assert "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy and "form-action 'self'" in policy
    assert not any(part in policy for part in ("http:", "https:", "*"))
    assert page["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert "no-store" in page["Cache-Control"], page.request["PATH_INFO"]
    assert page["X-Content-Type-Options"] == "nosniff" and page["X-Frame-Options"] == "DENY"
    assert page["Referrer-Policy"] == "same-origin" and page["Cross-Origin-Opener-Policy"] == "same-origin"
    for cookie in page.cookies.values():
        assert cookie["secure"] and cookie["samesite"] in ("Lax", "Strict") and not cookie["domain"]
        assert cookie.key == "csrftoken" or cookie["httponly"], cookie.key
assert browser.cookies["sessionid"]["httponly"] and browser.cookies["csrftoken"]["samesite"] == "Strict"
"""
STRANGE = """
for host in ("evil.example", "localhost.evil.example", "localhost:80@evil.example"):
    page = Client().get(LOGIN, secure=True, headers={"host": host})
    assert page.status_code == 400 and b"evil" not in page.content, host
places = ["https://evil.example/", "//evil.example", "/\\\\evil.example"]
places += ["javascript:alert(1)", "https:evil.example"]
for place in places:
    browser = Client(headers={"host": "localhost"})
    page = browser.post(LOGIN, {**ours, "next": place}, secure=True)
    assert page.status_code == 302 and page["Location"] == "/worklist", (place, page["Location"])
    browser.post("/account/logout/", {"next": place}, secure=True)
    assert "evil" not in browser.get("/worklist", secure=True)["Location"]
page = Client(headers={"host": "localhost"}).post(LOGIN, {**ours, "next": "/inbox"}, secure=True)
assert page["Location"] == "/inbox"
# A session that somebody else chose, or had before, is not the one after signing in.
browser = Client(headers={"host": "localhost"})
browser.cookies["sessionid"] = "chosenbysomebodyelse0000000000000"
browser.get(LOGIN, secure=True)
browser.post(LOGIN, ours, secure=True)
first = browser.cookies["sessionid"].value
assert first != "chosenbysomebodyelse0000000000000" and browser.get("/worklist", secure=True).status_code == 200
browser.post(LOGIN, ours, secure=True)
"""
PROXY = """
page = Client(headers={"host": "localhost", "x-forwarded-proto": "https"}).get(LOGIN)
assert page.status_code == (200 if settings.PROXIES else 301), page.status_code
"""


@pytest.mark.parametrize(("story", "proxies"), [(HEADERS, "0"), (STRANGE, "0"), (PROXY, "0"), (PROXY, "1")])
def test_as_it_runs_for_patients(tmp_path: Path, story: str, proxies: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ISOCOURSE_")}
    environment |= {
        "ISOCOURSE_HOME": str(tmp_path),
        "ISOCOURSE_PROXIES": proxies,
        "DJANGO_SETTINGS_MODULE": "isocourse.doors.web.settings",
    }
    whole = f"{START}\n{story}\nprint('whole')\n"
    done = subprocess.run([sys.executable, "-c", whole], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.strip().endswith("whole")
