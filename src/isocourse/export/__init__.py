"""What leaves the house in foreign shapes: figures of photographs as FHIR R4, photographs as DICOM. Pure.

Dates, names and keys are arguments; the same arguments give the same bytes.
"""
