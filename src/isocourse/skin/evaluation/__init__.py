"""How well marks are found where the truth is known: a renderer of its own, cases, scores. All skin here is generated,
but for one portrait that its caller brings (`portraits`).

The renderer shares nothing with the one that the detector is tuned on (tests/skin/drawn_skin.py), and nothing was ever
tuned on it. Dice are seeded by arguments.
"""
