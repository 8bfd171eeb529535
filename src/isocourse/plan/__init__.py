"""The plan: from findings to the earliest day, tasks and windows. Pure.

Imports `isocourse.record` and `isocourse.engine`. Start reading at `earliest.py` (when could it be supplied, and
what has to happen by then) and `tasks.py` (what to do, by whom, from when until when).
"""
