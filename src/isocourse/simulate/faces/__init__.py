"""Faces of people who do not exist, photographed, with everything that is true about the picture.

For demonstration and tests: `photograph(Person(seed, tone), Look(marks), Camera(...), seed=...)`, and
`course_series(seed, tone)` for the looks of a course. Start reading at `photograph.py`.
"""

from isocourse.simulate.faces.camera import Camera
from isocourse.simulate.faces.course import course_series
from isocourse.simulate.faces.marks import Mark
from isocourse.simulate.faces.optics import TONES, Tone
from isocourse.simulate.faces.person import Person
from isocourse.simulate.faces.photograph import Look, Taken, Truth, photograph

__all__ = ["TONES", "Camera", "Look", "Mark", "Person", "Taken", "Tone", "Truth", "course_series", "photograph"]
