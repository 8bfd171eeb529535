"""The store: what is kept, in tables. Django models, migrations, and the way from rows to a record and back.

May import `isocourse.record` and Django; never words, plan or engine: a stored decision is bytes to it. Nothing here
decides who may do what and nothing here writes by itself: `isocourse.care` holds the only writers. Start reading at
`models/record.py` (patients and their events), `models/decisions.py` (what was decided, and what there is to do),
`models/audit.py` (who did and who looked), and `reading.py` (from rows to a record).
"""
