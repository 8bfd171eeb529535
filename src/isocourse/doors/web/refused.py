"""What was sent and is not on record."""

from __future__ import annotations

from django.utils.translation import gettext as _

from isocourse.care.recording import MovedOn
from isocourse.doors.web.trouble import known
from isocourse.errors import InputError


def not_written(error: MovedOn | InputError) -> tuple[str, int]:
    """Why, as a sentence for the person at the screen, and the status of the page that says so."""
    if isinstance(error, InputError):
        return known(error), 422
    return _("Somebody wrote in this record since the page was loaded. Look again, and send it once more."), 409
