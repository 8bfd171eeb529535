"""The pages for a WSGI server: `gunicorn isocourse.doors.web.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "isocourse.doors.web.settings")
application = get_wsgi_application()
