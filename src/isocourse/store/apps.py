"""The tables as a Django application."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "isocourse.store"
    label = "store"
    verbose_name = "isocourse"
    default_auto_field = "django.db.models.BigAutoField"
