"""A new patient: who it is, whether we have them already, the record that came along; then the first visit."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from isocourse.care.admitting import Alike, CameAlong, admit, alike, came_along
from isocourse.doors.web.trouble import known
from isocourse.errors import IsocourseError
from isocourse.exchange.outcome import NotRead

OLDEST = 120  # years


class NewPatient(forms.Form):
    """Who somebody is."""

    number = forms.CharField(label=gettext_lazy("Number"), max_length=40)
    family_name = forms.CharField(label=gettext_lazy("Family name"), max_length=100)
    given_name = forms.CharField(label=gettext_lazy("Given name"), max_length=100)
    born = forms.DateField(label=gettext_lazy("Birth date"), required=False)
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=40, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254, required=False)
    address = forms.CharField(label=gettext_lazy("Address"), max_length=500, required=False)
    file = forms.FileField(label=gettext_lazy("A record that came along"), required=False, allow_empty_file=True)

    def clean_born(self) -> Any:
        born, today = self.cleaned_data["born"], timezone.localdate()
        if born is not None and not today.year - OLDEST <= born.year <= today.year:
            raise forms.ValidationError(_("The year cannot be right. Write the year in four digits."))
        if born is not None and born > today:
            raise forms.ValidationError(_("This day is still to come."))
        return born


@require_http_methods(["GET", "POST"])
def new_patient(request: Any) -> HttpResponse:
    """The form, and what comes of it. A number that is taken is refused; a likeness asks once."""
    form = NewPatient(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, status=422 if request.method == "POST" else 200)
    who = {name: value for name, value in form.cleaned_data.items() if name != "file"}
    same = alike(by=request.user, who=who)
    if same.number is not None:
        form.add_error("number", _("The clinic has a patient of this number already."))
    came = _came(form)
    another = request.POST.get("another") == "yes"
    if form.errors or (same.people and not another):
        return _page(request, form, same, status=422)
    try:
        patient = admit(by=request.user, now=timezone.now(), who=who, came=came)
    except IsocourseError as error:
        form.add_error(error.where if error.where in form.fields else None, known(error))
        return _page(request, form, same, status=422)
    if came is not None:
        context = {"page": "worklist", "patient": patient, "came": came, "groups": grouped(came.not_read)}
        return render(request, "worklist/came_along.html", context)
    return redirect("visit", patient=patient.key)


def _page(request: Any, form: NewPatient, same: Alike | None = None, *, status: int) -> HttpResponse:
    return render(request, "worklist/new.html", {"page": "worklist", "form": form, "same": same}, status=status)


def _came(form: NewPatient) -> CameAlong | None:
    """The record of the file, or its error beside the field."""
    if not (file := form.cleaned_data.get("file")):
        return None
    try:
        return came_along(file.read(), now=timezone.now())
    except IsocourseError as error:
        form.add_error("file", known(error))
        return None


def grouped(lines: tuple[NotRead, ...]) -> list[tuple[str, list[NotRead]]]:
    """What was not read, by what it means for whoever reads on."""
    headings = {
        "question": _("To ask"),
        "not_read": _("Not read"),
        "in_part": _("Read in part"),
        "withdrawn": _("Withdrawn by the sender"),
        "not_used": _("Of no use here"),
    }
    by_sort = ((heading, [line for line in lines if line.sort == sort]) for sort, heading in headings.items())
    return [(heading, found) for heading, found in by_sort if found]
