"""What to expect week by week, beside the person's own entries: what is known (`shape.py`, read by `read.py`), the
person's marks (`own.py`), how they stand against a range (`stand.py`), all of it for one person (`sheet.py`), as data
and lines (`given.py`) and as a picture (`draw.py`). Pure.

A range is a range of a study, never a place among people; what was measured is told without a cause.
"""
