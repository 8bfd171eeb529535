"""Every page that somebody can look at: its address, and as whom. `test_pages.py` opens each, `make screenshots` draws
each. A page of the access table that is neither here nor in ELSEWHERE fails the suite.

An address is plain, with keys of `populate.everything` in braces. `steps` are what is done
there first, for what is only seen after something was done.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from playwright.sync_api import Page

Steps = Callable[[Page], object]


class Shown(NamedTuple):
    """A page: the name of its address in the access table, the address, who looks, what is done first."""

    name: str
    address: str
    who: str = "doctor"
    steps: Steps | None = None


def _letters(page: Page) -> None:
    for place in (0, 1):
        page.locator("tr.work").nth(place).get_by_role("checkbox").check()
    page.get_by_role("button", name="Recall letters").click()
    page.get_by_role("heading", name="Recall letters").wait_for()


def _letters_made(page: Page) -> None:
    _letters(page)
    for box in page.locator("input[name=patient]:enabled").all():  # who has no address gets no letter
        box.check()
    page.get_by_role("button", name="Make the letters").click()
    page.locator("#messages, main").get_by_text(re.compile("letters? (is|are) ready")).first.wait_for()


def _more(page: Page) -> None:
    page.locator("#more > summary").click()
    page.locator("[data-item=weight] > summary").click()


def _reasons(page: Page) -> None:
    for each in page.locator("details.because > summary").all()[:2]:
        each.click()


def _why(page: Page) -> None:
    for each in page.locator("details.skin-why > summary").all()[:2]:
        each.click()


def _figures(page: Page) -> None:
    for each in (page.locator("details.as-table > summary"), page.locator("details.expect-why > summary").first):
        each.click()


def _second_step(page: Page) -> None:
    page.get_by_label("User name").fill("doctor4")
    page.get_by_label("Password").fill("a long password for tests")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Second step").wait_for()


def _find_word(page: Page) -> None:
    page.get_by_label("Find a word").fill("icepick")
    page.get_by_text("One word found.").wait_for()
    page.locator(".word:visible summary").click()


def _merge_search(page: Page) -> None:
    page.get_by_label("Name, number or birth date").fill("400")
    page.get_by_role("button", name="Find").click()
    page.wait_for_load_state()


def _override(page: Page) -> None:
    page.get_by_label("Product").select_option("isotretinoin_uk")
    page.get_by_label("Another dose").check()
    page.get_by_role("textbox", name="mg a day").fill("40")
    page.locator(".sig-text").wait_for()


_COMPARE = "/patients/{FACE}/photographs/compare?before={BEFORE}&after={AFTER}"


def _sought(page: Page) -> None:
    page.get_by_label("Search", exact=True).fill("does it remove scars")
    page.get_by_text("found in:").first.wait_for()


def _way(name: str) -> Steps:
    def chosen(page: Page) -> None:
        page.get_by_label(name).check()

    return chosen


def _checks(page: Page) -> None:
    for each in page.locator(".photo-page summary").all():
        each.click()


LIST = (
    "Ingredients: Aqua/Water, Glycerin, Alcohol Denat., Cetearyl Alcohol, Butyrospermum Parkii (Shea) Butter, Retinol, "
    "Glycollic Acid, Zinc Oxide 12%, Iron Oxides, Parfum (Fragrance), Limonene, Cocos Nucifera Oil, Blorptane Extract. "
    "Fragrance free"
)
MILD = "Aqua, Glycerin, Dimethicone, Panthenol, Ceramide NP, Parfum"


def _list(page: Page) -> None:
    page.get_by_label("Ingredients", exact=True).fill(LIST)
    page.get_by_text("Please look at the product").wait_for()
    for each in page.locator("#answer details > summary").all():
        each.click()


def _two(page: Page) -> None:
    page.get_by_label("The first product").fill(LIST)
    page.get_by_label("The second product").fill(MILD)
    page.get_by_role("button", name="Compare").click()
    page.get_by_text("asks less of the skin").wait_for()


def _shelf(page: Page) -> None:
    for name, kind, text in (("Night serum", "serum", LIST), ("Plain cream", "moisturiser", MILD)):
        if page.get_by_role("heading", name=name).count():
            continue
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label("Kind of product").select_option(kind)
        page.get_by_label("Ingredients", exact=True).fill(text)
        page.get_by_role("button", name="Put on the shelf").click()
        page.get_by_role("heading", name=name).wait_for()
    for each in page.locator(".shelf-product details > summary").all():
        each.click()


PAGES: dict[str, Shown] = {
    "worklist": Shown("worklist", "/worklist", "nurse"),
    "worklist-filtered": Shown("worklist", "/worklist?state=treated"),
    "worklist-empty": Shown("worklist", "/worklist?state=before&kind=mood"),
    "new-patient": Shown("new_patient", "/new-patient"),
    "letters": Shown("letters", "/worklist?state=ended", "nurse", _letters),
    "letters-done": Shown("letters_done", "/worklist?state=ended", "nurse", _letters_made),
    "patient": Shown("patient", "/patients/{KEY}"),
    "patient-reasons": Shown("patient", "/patients/{KEY}", "doctor", _reasons),
    "patient-new": Shown("patient", "/patients/{NEW}"),
    "patient-stopped": Shown("patient", "/patients/{STOPPED}", "nurse"),
    "patient-ended": Shown("patient", "/patients/{ENDED}"),
    "flowsheet": Shown("flowsheet", "/patients/{KEY}/flowsheet"),
    "flowsheet-empty": Shown("flowsheet", "/patients/{NEW}/flowsheet"),
    "story": Shown("story", "/patients/{KEY}/story"),
    "withdraw": Shown("withdraw_event", "/patients/{KEY}/story/{EVENT}/withdraw"),
    "amend": Shown("amend_event", "/patients/{KEY}/story/{EVENT}/amend"),
    "decisions": Shown("decisions", "/patients/{KEY}/decisions"),
    "details": Shown("details", "/patients/{KEY}/details"),
    "merge-search": Shown("merge_search", "/patients/{KEY}/details", "doctor", _merge_search),
    "merge": Shown("merge", "/patients/{KEY}/merge/{OTHER}"),
    "glass": Shown("glass", "/patients/{ELSEWHERE}"),
    "visit": Shown("visit", "/patients/{KEY}/visit", "nurse"),
    "visit-more": Shown("visit", "/patients/{KEY}/visit", "nurse", _more),
    "visit-first": Shown("visit", "/patients/{NEW}/visit", "nurse"),
    "visit-sheet": Shown("visit_sheet", "/patients/{KEY}/visits/{TOKEN}"),
    "prescription": Shown("prescription", "/patients/{MAY}/prescription"),
    "prescription-override": Shown("prescription", "/patients/{WITHHELD}/prescription", "doctor", _override),
    "prescription-refused": Shown("prescription", "/patients/{NEW}/prescription"),
    "prescriptions": Shown("prescriptions", "/patients/{MAY}/prescriptions"),
    "prescriptions-empty": Shown("prescriptions", "/patients/{NEW}/prescriptions", "nurse"),
    "document": Shown("prescription_document", "/patients/{MAY}/prescriptions/{DOCUMENT}"),
    "supply": Shown("supply", "/patients/{MAY}/supply", "nurse"),
    "second-signatures": Shown("second_signatures", "/second-signatures", "doctor2"),
    "skin-care": Shown("skin_care", "/patients/{KEY}/skin-care", "nurse"),
    "skin-care-reasons": Shown("skin_care", "/patients/{KEY}/skin-care", "doctor", _why),
    "skin-care-new": Shown("skin_care", "/patients/{NEW}/skin-care", "nurse"),
    "skin-care-severe": Shown("skin_care", "/patients/{SKIN}/skin-care"),
    "skin-care-sheet": Shown("skin_care_sheet", "/patients/{KEY}/skin-care/sheet", "nurse"),
    "skin-care-sheet-severe": Shown("skin_care_sheet", "/patients/{SKIN}/skin-care/sheet"),
    "skin-care-sheet-ended": Shown("skin_care_sheet", "/patients/{ENDED}/skin-care/sheet"),
    "expectations": Shown("expectations", "/patients/{WEEKS}/expectations", "nurse", _figures),
    "expectations-after": Shown("expectations", "/patients/{AFTER_END}/expectations"),
    "expectations-new": Shown("expectations", "/patients/{NEW}/expectations", "nurse"),
    "expectations-face": Shown("expectations", "/patients/{FACE}/expectations"),
    "expectations-sheet": Shown("expectations_sheet", "/patients/{WEEKS}/expectations/sheet", "nurse"),
    "expectations-sheet-after": Shown("expectations_sheet", "/patients/{AFTER_END}/expectations/sheet"),
    "skincare-check": Shown("skincare_check", "/skincare/check", "nurse"),
    "skincare-answer": Shown("skincare_check", "/skincare/check", "nurse", _list),
    "skincare-compare": Shown("skincare_compare", "/skincare/compare", "nurse"),
    "skincare-compared": Shown("skincare_compare", "/skincare/compare", "nurse", _two),
    "skin-shelf-empty": Shown("skin_shelf", "/patients/{KEY}/skin-shelf", "nurse"),
    "skin-shelf": Shown("skin_shelf", "/patients/{NEW}/skin-shelf", "nurse", _shelf),
    "photographs": Shown("photographs", "/patients/{FACE}/photographs", "nurse"),
    "photographs-empty": Shown("photographs", "/patients/{NEW}/photographs", "nurse"),
    "photograph": Shown("photograph", "/patients/{FACE}/photographs/{BEFORE}", "doctor", _checks),
    "photograph-refused": Shown("photograph", "/patients/{FACE}/photographs/{REFUSED}"),
    "photograph-compare": Shown("photograph_compare", _COMPARE),
    "photograph-slider": Shown("photograph_compare", _COMPARE, "doctor", _way("Slider")),
    "photograph-maps": Shown("photograph_compare", _COMPARE, "doctor", _way("Where colour changed")),
    "photograph-trend": Shown("photograph_trend", "/patients/{FACE}/photographs/trend"),
    "photograph-capture": Shown("photograph_capture", "/patients/{FACE}/photographs/capture", "nurse"),
    "photograph-delete": Shown("photograph_delete", "/patients/{FACE}/photographs/delete?photograph={BEFORE}"),
    "inbox": Shown("inbox", "/inbox", "nurse"),
    "inbox-aside": Shown("inbox", "/inbox?show=aside", "nurse"),
    "inbox-filed": Shown("inbox", "/inbox?show=filed", "nurse"),
    "report": Shown("inbox_report", "/inbox/reports/{REPORT}", "nurse"),
    "result": Shown("inbox_result", "/inbox/results/{WAITING}", "nurse"),
    "result-aside": Shown("inbox_result", "/inbox/results/{ASIDE}", "nurse"),
    "result-filed": Shown("inbox_result", "/inbox/results/{FILED}", "nurse"),
    "guidance": Shown("guidance", "/guidance/", "nurse"),
    "evidence": Shown("evidence", "/guidance/evidence/"),
    "evidence-popular": Shown("evidence", "/guidance/evidence/?popular=yes", "admin"),
    "evidence-sought": Shown("evidence", "/guidance/evidence/", "nurse", _sought),
    "claim": Shown("evidence_claim", "/guidance/evidence/existing_scars/"),
    "claim-long": Shown("evidence_claim", "/guidance/evidence/labs_serious_how_often/", "nurse"),
    "how-it-works": Shown("plain_page", "/guidance/pages/how_it_works/", "nurse"),
    "safe-supply": Shown("plain_page", "/guidance/pages/safe_supply/"),
    "settings": Shown("clinic_settings", "/settings", "admin"),
    "settings-letters": Shown("settings_house", "/settings/house/letters", "admin"),
    "settings-units": Shown("settings_house", "/settings/house/units", "admin"),
    "settings-products": Shown("settings_house", "/settings/house/products", "admin"),
    "settings-sign-in": Shown("settings_house", "/settings/house/sign-in", "admin"),
    "settings-programme": Shown("settings_house", "/settings/house/programme", "admin"),
    "settings-history": Shown("settings_history", "/settings/history"),
    "settings-version": Shown("settings_version", "/settings/history/1"),
    "limits": Shown("limits", "/settings/limits"),
    "rules": Shown("policy_rules", "/settings/rules"),
    "change-value": Shown("setting_change", "/settings/change/value/default_schedule", "admin"),
    "change-list": Shown("setting_change", "/settings/change/value/watched_analytes", "admin"),
    "proposal": Shown("settings_proposal", "/settings/proposals/{PROPOSAL}"),
    "people": Shown("administration", "/administration", "admin"),
    "person": Shown("person", "/administration/people/{NURSE}", "admin"),
    "person-new": Shown("person_new", "/administration/people/new", "admin"),
    "audit": Shown("audit", "/administration/audit", "admin"),
    "looks": Shown("looks", "/administration/looks", "admin"),
    "words": Shown("words", "/guidance/words/"),
    "words-found": Shown("words", "/guidance/words/", "nurse", _find_word),
    "design": Shown("design", "/design"),
    "forbidden": Shown("", "/worklist", "admin"),
    "not-found": Shown("", "/patients/none"),
    "sign-in": Shown("account_login", "/account/login/", ""),
    "second-step": Shown("mfa_authenticate", "/account/login/", "", _second_step),
    "sign-out": Shown("account_logout", "/account/logout/"),
    "inactive": Shown("account_inactive", "/account/inactive/"),
    "reauthenticate": Shown("account_reauthenticate", "/account/reauthenticate/"),
    "password": Shown("account_change_password", "/account/password/change/"),
    "second-factors": Shown("mfa_index", "/account/second-factor/"),
    "second-factors-there": Shown("mfa_index", "/account/second-factor/", "doctor3"),
    "app": Shown("mfa_activate_totp", "/account/second-factor/totp/activate/"),
    "app-remove": Shown("mfa_deactivate_totp", "/account/second-factor/totp/deactivate/", "doctor3"),
    "codes": Shown("mfa_view_recovery_codes", "/account/second-factor/recovery-codes/", "doctor3"),
    "codes-new": Shown("mfa_generate_recovery_codes", "/account/second-factor/recovery-codes/generate/", "doctor3"),
    "reauthenticate-code": Shown("mfa_reauthenticate", "/account/second-factor/reauthenticate/", "doctor3"),
    "passkeys": Shown("mfa_list_webauthn", "/account/second-factor/webauthn/", "doctor3"),
    "passkey-new": Shown("mfa_add_webauthn", "/account/second-factor/webauthn/add/"),
    "passkey-rename": Shown("mfa_edit_webauthn", "/account/second-factor/webauthn/keys/{PASSKEY}/edit/", "doctor3"),
    "passkey-remove": Shown("mfa_remove_webauthn", "/account/second-factor/webauthn/keys/{PASSKEY}/remove/", "doctor3"),
}
# Addresses that show no page of their own to a GET, and why.
ELSEWHERE: dict[str, str] = {
    **dict.fromkeys(("home", "mfa_trust"), "sends on to another page"),
    **dict.fromkeys(("openapi", "record_json", "answer_json", "plan_json", "health"), "data, not a page"),
    **dict.fromkeys(
        (
            "photograph_picture", "photograph_laid", "photograph_pdf", "photographs_pdf", "prescription_pdf",
            "photograph_dicom", "photograph_fhir", "letters_print", "audit_export", "mfa_download_recovery_codes",
        ), "a file, not a page"
    ),
    **dict.fromkeys(("visit_more", "settings_progress", "photograph_progress"), "part of a page, shown with it"),
    **dict.fromkeys(("mfa_login_webauthn", "mfa_reauthenticate_webauthn"), "part of the page for signing in"),
    **dict.fromkeys(
        (
            "theme", "keep_view", "drop_view", "find_patient", "letters_make", "identity", "visit_preview",
            "visit_draft", "visit_discard", "prescription_preview", "prescription_void", "override_sign",
            "override_withdraw", "override_prescribe", "supply_settle", "inbox_receive", "inbox_find", "inbox_file",
            "inbox_aside", "inbox_take_up", "inbox_undo", "letter_preview", "person_act", "audit_verify",
            "assess_record", "photograph_add", "photograph_aim", "photograph_consent", "photograph_consent_withdraw",
            "photograph_begin", "photograph_again", "skin_care_preview", "skin_care_profile", "skin_shelf_put",
            "skin_shelf_away",
        ),
        "takes a POST only",
    ),
}  # fmt: skip
