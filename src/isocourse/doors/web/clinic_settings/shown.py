"""How settings are said on the pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from isocourse.care.clinic_settings import AS_IT_BEGAN
from isocourse.care.editions import library
from isocourse.doors.web.templatetags.clinic_words import said
from isocourse.record.code_words import CODE_WORDS
from isocourse.store.models import Clinic, ClinicSettingsVersion, SettingsProposal, User

STRICTER = {
    "lower": gettext_lazy("a lower number is stricter"),
    "higher": gettext_lazy("a higher number is stricter"),
    "fewer": gettext_lazy("a shorter list is stricter"),
    "none": gettext_lazy("every change is a departure"),
}
UNITS = {"days": gettext_lazy("days"), "months": gettext_lazy("months")}
STRENGTHS = {
    "regulation": gettext_lazy("regulation"),
    "label": gettext_lazy("label"),
    "guideline": gettext_lazy("guideline"),
    "consensus": gettext_lazy("consensus"),
    "clinic_policy": gettext_lazy("clinic policy"),
}
FIELDS = {
    "programme": gettext_lazy("Programme"),
    "settings": gettext_lazy("Own limits and rules switched off"),
    "adopted": gettext_lazy("Versions adopted"),
    "second_signature": gettext_lazy("Second signature"),
    "name": gettext_lazy("Name of the clinic"),
    "letterhead": gettext_lazy("Letter head"),
    "phone": gettext_lazy("Telephone"),
    "language": gettext_lazy("Language"),
    "lab_units": gettext_lazy("Units of results"),
    "weight_units": gettext_lazy("Units of weight"),
    "products": gettext_lazy("Products in use"),
    "second_factor_roles": gettext_lazy("Roles that need a second factor"),
}


# Fields that hold codes with names of their own.
_NAMED: dict[str, Callable[[str], str]] = {
    "programme": lambda code: said(library().programmes[code].title),
    "language": lambda code: str(dict(settings.LANGUAGES)[code]),
    "lab_units": lambda code: str(Clinic.LabUnits(code).label),
    "weight_units": lambda code: str(Clinic.WeightUnits(code).label),
    "second_factor_roles": lambda code: str(User.Role(code).label),
}


def words_of(code: str) -> str:
    """A code in words, where there are any."""
    return said(CODE_WORDS.get(code, code.replace("_", " ")))


def changed_words(what: str) -> str:
    """What a version of the settings changed: fields, or the value, rule or version that was signed."""
    if what == AS_IT_BEGAN:
        return _("as it began")
    return "; ".join(_called(name) for name in what.split(", "))


def _called(name: str) -> str:
    if name in FIELDS:
        return str(FIELDS[name])
    known = library().values.get(name) or library().rules.get(name)
    return said(known.says) if known is not None else _("Version {0}").format(name)


def shown(content: Any, kind: str = "") -> str:
    """The content of a value in words."""
    if content is None:
        return _("as the programme says")
    if isinstance(content, list | tuple):
        return ", ".join(words_of(each) for each in content) or _("none")
    if isinstance(content, str):
        return words_of(content)
    if kind == "days":
        return ngettext("{0} day", "{0} days", content).format(content)
    if kind == "months":
        return ngettext("{0} month", "{0} months", content).format(content)
    return str(content)


@dataclass(frozen=True)
class Proposed:
    """A proposal in words."""

    row: SettingsProposal
    title: str
    says: str


def proposal_words(row: SettingsProposal) -> Proposed:
    """What a proposal is about and what it would change."""
    match row.kind:
        case "value":
            value = library().values.get(row.target)
            return Proposed(row, value.says if value else row.target, shown(row.content, value.kind if value else ""))
        case "rule":
            rule = library().rules.get(row.target)
            says = _("in force again") if row.content is None else _("switched off")
            return Proposed(row, rule.says if rule else row.target, says)
        case "adoption":
            says = _("not adopted") if row.content is None else _("adopted on {0}").format(row.content)
            return Proposed(row, _("Version {0}").format(row.target), says)
    return Proposed(row, _("Second signature under a departure"), _("wanted") if row.content else _("not wanted"))


def version_words(row: ClinicSettingsVersion, before: ClinicSettingsVersion | None) -> list[dict[str, Any]]:
    """Each field of a version, and whether it is another than in the version before."""
    return [
        {
            "label": label,
            "now": _plain(name, row.content.get(name)),
            "was": _plain(name, before.content.get(name)) if before else "",
            "changed": before is not None and before.content.get(name) != row.content.get(name),
        }
        for name, label in FIELDS.items()
    ]


def _plain(name: str, content: Any) -> str:
    if content and name in _NAMED:
        return ", ".join(_NAMED[name](each) for each in (content if isinstance(content, list) else [content]))
    if isinstance(content, bool):
        return _("wanted") if content else _("not wanted")
    if isinstance(content, list):
        return ", ".join(str(each) for each in content)
    return json.dumps(content, ensure_ascii=False) if isinstance(content, dict) and content else str(content or "")
