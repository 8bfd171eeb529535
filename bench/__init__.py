"""The benchmark: how fast one course, many courses and one FHIR patient are decided."""
