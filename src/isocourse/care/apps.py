"""Care as a Django application: it has actions and no tables."""

from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "isocourse.care"
    label = "care"
