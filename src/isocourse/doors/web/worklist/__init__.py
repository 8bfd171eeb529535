"""The worklist: what there is to do today, for whom, and in which order; finding a patient, letters, a new patient.

Start reading at `views.py` (the list and its filters), then `finding.py`, `letters.py`, `new.py`; `labels.py` holds the
words of filters and rows. What is read comes from `care.worklist`.
"""
