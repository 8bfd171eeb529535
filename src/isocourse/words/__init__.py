"""Words: findings and plan into sentences, and the documented answer. All wording of answers lives here. Pure.

Imports `isocourse.plan`, `isocourse.engine` and `isocourse.record`. Start reading at `answer.py` (the answer as
data, the stable JSON) and `page.py` (the same as lines a person reads at a desk).
"""
