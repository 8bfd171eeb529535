"""Every table, by what it holds."""

from isocourse.store.models.audit import AuditEntry, AuditHead, BreakGlass, Look, OutboxMessage
from isocourse.store.models.clinic_settings import ClinicSettingsVersion, SettingsProposal
from isocourse.store.models.decisions import Override, StoredDecision, SupplyAlert, WorkItem
from isocourse.store.models.documents import Document
from isocourse.store.models.inbox import InboxReport, InboxResult
from isocourse.store.models.people import Clinic, SavedView, User
from isocourse.store.models.photographs import Photograph, PhotographComparison, PhotographMeasurement
from isocourse.store.models.record import Draft, Patient, SentForm, StoredEvent

__all__ = [
    "AuditEntry",
    "AuditHead",
    "BreakGlass",
    "Clinic",
    "ClinicSettingsVersion",
    "Document",
    "Draft",
    "InboxReport",
    "InboxResult",
    "Look",
    "OutboxMessage",
    "Override",
    "Patient",
    "Photograph",
    "PhotographComparison",
    "PhotographMeasurement",
    "SavedView",
    "SentForm",
    "SettingsProposal",
    "StoredDecision",
    "StoredEvent",
    "SupplyAlert",
    "User",
    "WorkItem",
]
