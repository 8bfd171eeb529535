"""The flowsheet: results, weights and scores by day."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from isocourse.doors.web.needs import PatientRequest
from isocourse.doors.web.patient.reading import lab_units, of_one_record, standing_of
from isocourse.words.flowsheet import flowsheet


@of_one_record
def sheet(request: PatientRequest) -> HttpResponse:
    patient = request.patient
    standing = standing_of(patient)
    made = flowsheet(
        standing.evaluation.rows,
        standing.evaluation.episodes.get("graded_lab", ()),
        units=lab_units(patient),
        weight_unit=patient.clinic.weight_units,
    )
    visits = {event.happened_on.text for event in standing.evaluation.rows.get("visit", ())}
    context = {"patient": patient, "tab": "flowsheet", "sheet": made, "visits": visits}
    return render(request, "patient/flowsheet.html", context)
