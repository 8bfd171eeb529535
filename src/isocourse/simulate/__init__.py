"""Synthetic courses: whole, realistic records from one integer seed, for demonstration, load and what-if studies.

May import plan, engine and record. Pure: the seed and the first day are arguments; no global random, no clock. Nobody
in these records exists, and no figure that comes out of them is evidence. Start reading at `course.py`; what happens
how often stands in `rates.py`, what a clinic does in which programme in `clinic.py`, and each topic has a module of
its own with dice of its own, so that adding a topic moves no event of another.
"""
