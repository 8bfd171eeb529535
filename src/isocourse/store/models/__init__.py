"""Every table, by what it holds."""

from isocourse.store.models.audit import AuditEntry, AuditHead, BreakGlass, Look, OutboxMessage
from isocourse.store.models.decisions import Override, StoredDecision, WorkItem
from isocourse.store.models.documents import Document
from isocourse.store.models.inbox import InboxReport, InboxResult
from isocourse.store.models.people import Clinic, SavedView, User
from isocourse.store.models.record import Draft, Patient, SentForm, StoredEvent

__all__ = [
    "AuditEntry",
    "AuditHead",
    "BreakGlass",
    "Clinic",
    "Document",
    "Draft",
    "InboxReport",
    "InboxResult",
    "Look",
    "OutboxMessage",
    "Override",
    "Patient",
    "SavedView",
    "SentForm",
    "StoredDecision",
    "StoredEvent",
    "User",
    "WorkItem",
]
