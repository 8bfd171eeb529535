"""The acts of the audit in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

ACTS = {
    "sign_in": gettext_lazy("signed in"),
    "sign_out": gettext_lazy("signed out"),
    "locked_out": gettext_lazy("was locked out after wrong passwords"),
    "change_password": gettext_lazy("changed the password"),
    "add_second_factor": gettext_lazy("added a second factor"),
    "renew_second_factor": gettext_lazy("made new recovery codes"),
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
    "amend": gettext_lazy("amended an entry"),
    "skin_shelf_put": gettext_lazy("put a skin care product on the shelf"),
    "skin_shelf_away": gettext_lazy("put a skin care product away"),
    "visit": gettext_lazy("saved a visit"),
    "prescribe": gettext_lazy("wrote a prescription"),
    "void": gettext_lazy("voided a prescription"),
    "override": gettext_lazy("signed an override"),
    "sign_second": gettext_lazy("signed an override as second"),
    "withdraw_override": gettext_lazy("withdrew an override"),
    "record_supply": gettext_lazy("recorded a supply"),
    "supply_alert": gettext_lazy("raised an alert about a supply"),
    "settle_supply": gettext_lazy("settled an alert about a supply"),
    "receive_report": gettext_lazy("received a laboratory report"),
    "confirm_match": gettext_lazy("confirmed whose results they are"),
    "file_results": gettext_lazy("filed results"),
    "put_aside": gettext_lazy("put results aside"),
    "take_up": gettext_lazy("took results up again"),
    "undo_match": gettext_lazy("took back whose results they are"),
    "undo_filing": gettext_lazy("took filed results back"),
    "photograph_consent": gettext_lazy("wrote down consent to photographs"),
    "photograph_consent_withdrawn": gettext_lazy("wrote down that consent to photographs is withdrawn"),
    "take_photograph": gettext_lazy("kept a photograph"),
    "delete_photograph": gettext_lazy("deleted a photograph"),
    "measure_again": gettext_lazy("had a photograph measured again"),
    "compare_photographs": gettext_lazy("had two photographs compared"),
    "rewrap_photographs": gettext_lazy("changed the photograph key"),
    "recall": gettext_lazy("made recall letters"),
    "demonstration": gettext_lazy("made up for the demonstration"),
}


def act_words(act: str) -> str:
    """An act in words; one that has none yet, by its name."""
    return str(ACTS.get(act, act.replace("_", " ")))
