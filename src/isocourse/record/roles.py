"""Who may do what, by role: every such rule that no value of the protocol holds.

Who may assess, judge or decide about mood, side effects, illnesses, procedures and reports is a value of each programme
(`*_roles`, read through `record/policy.py`), and a clinic may sign others, but none of `NEVER_CLINICIANS`. What stands
here holds everywhere and cannot be set. A fact of the protocol that asks for one role says so in its condition.
"""

from __future__ import annotations

from isocourse.record.terminology import Role

# Whose decision on a blood result and whose resolution of a pregnancy or a worry counts.
PRESCRIBERS: frozenset[Role] = frozenset({"prescriber"})
# Who may judge another medicine beside the capsules.
MEDICINE_CHECKERS: frozenset[Role] = frozenset({"prescriber", "pharmacist"})
# Who may take back what worries (a symptom, a positive test, an allergy, a decision to stop).
CLINICIANS: frozenset[Role] = frozenset({"prescriber", "nurse", "pharmacist", "laboratory"})
# Who may never assess, decide or settle, whatever a clinic signs.
NEVER_CLINICIANS: frozenset[Role] = frozenset({"patient", "guardian", "administrator", "system"})
# Who tells of symptoms without judging them: what they ticked is read beside what they wrote.
TELL_OF_THEMSELVES: frozenset[Role] = frozenset({"patient", "guardian"})
# As whom a plan writes the events that it assumes.
PLANNER: Role = "prescriber"
