"""The record: what was written down about one person, and the episodes that follow from it. Pure.

Imports only `isocourse.errors`, msgspec and the standard library; opens no file and asks no clock.
Start reading at `events.py` (what can be written down), then `record.py` (reading, checking, corrections),
`tables.py` (the order rules see) and `episodes.py` (supply, cover, tests before treatment, worries).
"""
