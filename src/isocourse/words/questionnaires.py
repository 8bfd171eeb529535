"""The items of the questionnaires, word for word as they are asked, with their four answers (marked for gettext).

PHQ-2, PHQ-9 and GAD-7 were developed by Spitzer, Williams, Kroenke and colleagues; no permission is needed to
reproduce, translate, display or distribute them (shared/clinical/instruments.md 7.1 and 7.2). The PHQ-A is the PHQ-9
modified for adolescents (Johnson 2002); it asks about low mood first. Its last item, as that of the PHQ-9, is the one
on self-harm.
"""

from __future__ import annotations

from isocourse.words.visit_shape import _

LEAD = _("Over the last 2 weeks, how often have you been bothered by the following?")
ANSWERS = (_("Not at all"), _("Several days"), _("More than half the days"), _("Nearly every day"))
_PHQ2 = (_("Little interest or pleasure in doing things"), _("Feeling down, depressed, or hopeless"))
ITEMS: dict[str, tuple[str, ...]] = {
    "phq2": _PHQ2,
    "phq9": (
        *_PHQ2,
        _("Trouble falling or staying asleep, or sleeping too much"),
        _("Feeling tired or having little energy"),
        _("Poor appetite or overeating"),
        _("Feeling bad about yourself, or that you are a failure or have let yourself or your family down"),
        _("Trouble concentrating on things, such as reading the newspaper or watching television"),
        _(
            "Moving or speaking so slowly that other people could have noticed? Or the opposite, being so fidgety or "
            "restless that you have been moving around a lot more than usual"
        ),
        _("Thoughts that you would be better off dead or of hurting yourself in some way"),
    ),
    "phqa": (
        _("Feeling down, depressed, irritable, or hopeless"),
        _("Little interest or pleasure in doing things"),
        _("Trouble falling asleep, staying asleep, or sleeping too much"),
        _("Poor appetite, weight loss, or overeating"),
        _("Feeling tired, or having little energy"),
        _(
            "Feeling bad about yourself, or feeling that you are a failure, or that you have let yourself or your "
            "family down"
        ),
        _("Trouble concentrating on things like school work, reading, or watching TV"),
        _(
            "Moving or speaking so slowly that other people could have noticed? Or the opposite, being so fidgety or "
            "restless that you were moving around a lot more than usual"
        ),
        _("Thoughts that you would be better off dead, or of hurting yourself in some way"),
    ),
    "gad7": (
        _("Feeling nervous, anxious, or on edge"),
        _("Not being able to stop or control worrying"),
        _("Worrying too much about different things"),
        _("Trouble relaxing"),
        _("Being so restless that it is hard to sit still"),
        _("Becoming easily annoyed or irritable"),
        _("Feeling afraid, as if something awful might happen"),
    ),
}
