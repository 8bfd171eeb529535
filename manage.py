#!/usr/bin/env python
"""Django's own commands, for who runs the clinic: `python manage.py check --deploy`, `migrate`, `createsuperuser`."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "isocourse.doors.web.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
