"""The course in one picture: what is in it (`picture.py`), where things lie (`scale.py`), shapes (`shapes.py`), the
drawing (`draw.py`) and the same content as a table (`listed.py`). Pure: no clock, no framework; the door hands in a
voice for words and dates.
"""
