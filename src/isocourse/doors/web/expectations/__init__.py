"""What to expect: the ranges of studies beside what is on record of a patient, and the sheet to take home."""
