"""The pages as a Django application: templates, static files, template tags."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "isocourse.doors.web"
    label = "web"
