"""Skin care: the routine of a patient, the questions it depends on, and the sheet to take home."""
