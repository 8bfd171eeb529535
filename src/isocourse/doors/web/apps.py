"""The pages as a Django application: templates, static files, template tags."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "isocourse.doors.web"
    label = "web"

    def ready(self) -> None:
        from isocourse.doors.web import sign_in  # noqa: F401 - its receivers listen from now on
