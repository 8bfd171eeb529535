"""What to expect week by week, beside the person's own entries: what is known (`shape.py`, read by `read.py`), the
person's marks (`own.py`), how they stand against a range (`stand.py`), the page as data and lines (`sheet.py`) and the
picture (`draw.py`). Pure.

A range is a range of a study, never a place among people; what was measured is told without a cause.
"""
