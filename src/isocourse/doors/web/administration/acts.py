"""The acts of the audit in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

ACTS = {
    "sign_in": gettext_lazy("signed in"),
    "sign_out": gettext_lazy("signed out"),
    "locked_out": gettext_lazy("was locked out after wrong passwords"),
    "change_password": gettext_lazy("changed the password"),
    "add_second_factor": gettext_lazy("added a second factor"),
    "remove_second_factor": gettext_lazy("removed a second factor"),
    "open_account": gettext_lazy("opened an account"),
    "change_account": gettext_lazy("changed an account"),
    "close_account": gettext_lazy("closed an account"),
    "reopen_account": gettext_lazy("opened an account again"),
    "new_password": gettext_lazy("gave a one-time password"),
    "reset_second_factor": gettext_lazy("reset a second factor"),
    "unlock": gettext_lazy("unlocked an account"),
    "begin_clinic": gettext_lazy("began the clinic"),
    "change_settings": gettext_lazy("changed settings"),
    "choose_programme": gettext_lazy("chose the programme"),
    "propose_setting": gettext_lazy("proposed a setting"),
    "withdraw_setting": gettext_lazy("withdrew a proposed setting"),
    "sign_setting": gettext_lazy("signed a setting"),
    "export_audit": gettext_lazy("exported the audit"),
    "register": gettext_lazy("registered a patient"),
    "correct_identity": gettext_lazy("corrected who a patient is"),
    "merge": gettext_lazy("merged two records"),
    "break_glass": gettext_lazy("broke the glass"),
    "write": gettext_lazy("wrote in a record"),
    "withdraw": gettext_lazy("withdrew an entry"),
}


def act_words(act: str) -> str:
    """An act in words; one that has none yet, by its name."""
    return str(ACTS.get(act, act.replace("_", " ")))
