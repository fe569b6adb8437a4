"""Six languages, of one table."""

import re
from pathlib import Path

import pytest
from browser import DESKTOP, PHONE, draw_on, draw_strokes, error, guess, upload, write_on
from playwright.sync_api import expect

LANGUAGES = ("en", "es", "zh", "hi", "ar", "fr")
TABLE = Path("static/js/strings.js").read_text()
ENTRIES = {
    key: dict(re.findall(r'^ +(\w\w): "(.*)",$', body, re.MULTILINE))
    for key, body in re.findall(r"^  (\w+): \{\n(.*?)^  \},$", TABLE, re.MULTILINE | re.DOTALL)
}


def test_every_string_is_in_every_language_with_the_same_names_filled_in():
    assert len(ENTRIES) > 50
    for key, texts in ENTRIES.items():
        assert tuple(texts) == LANGUAGES, key
        names = {frozenset(re.findall(r"\{\w+\}", text)) for text in texts.values()}
        assert len(names) == 1, key


def test_french_puts_its_own_spaces_before_double_signs():
    """Narrow before ; ? and !, wider before a colon, and none that a line may break at."""
    texts = [texts["fr"] for texts in ENTRIES.values()]
    signs = [pair for text in texts for pair in re.findall(r".[;?!:]", text)]
    assert len(signs) > 20
    assert set(signs) <= {"\u00a0:", "\u202f;", "\u202f?", "\u202f!"}


def test_every_string_is_used_and_every_used_one_is_there():
    page = Path("templates/index.html").read_text()
    scripts = "".join(
        path.read_text() for path in Path("static/js").glob("*.js") if path.name != "strings.js"
    )
    named = set(re.findall(r'data-(?:text|label|alt)="(\w+)"', page))
    called = set(re.findall(r'\bt\("(\w+)"', scripts))
    assert named | called <= ENTRIES.keys()
    unused = {key for key in ENTRIES if f'"{key}"' not in page + scripts}
    assert not unused


@pytest.mark.parametrize(
    ("locale", "title", "words"),
    [
        ("es-MX", "¿Qué dígito es?", "Es un 3."),
        ("zh-CN", "这是哪个数字？", "这是 3。"),
        ("hi-IN", "यह कौन\u00a0सा अंक है?", "यह 3 है।"),
        ("ar-EG", "أيّ رقم هذا؟", "هذا 3."),
        ("fr-CA", "Quel est ce chiffre\u202f?", "C'est un 3."),
        ("sw-KE", "Which digit is it?", "This is a 3."),
    ],
)
def test_the_page_speaks_the_browser_s_language(open_page, locale, title, words):
    page = open_page(**PHONE, locale=locale)
    expect(page).to_have_title(title)
    draw_on(page, 3)
    expect(page.locator("#words")).to_have_text(words)
    language = page.evaluate("document.documentElement.lang")
    assert language == (locale[:2] if locale[:2] in LANGUAGES else "en")
    rtl = locale.startswith("ar")
    assert page.evaluate("document.documentElement.dir") == ("rtl" if rtl else "ltr")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_jumps_when_a_digit_is_read(open_page, device, language):
    page = open_page(**device, locale=language)
    top = page.locator("#bars").bounding_box()["y"]
    draw_on(page, 3)
    expect(guess(page)).to_have_value("3")
    page.evaluate("scrollTo(0, 0)")
    assert page.locator("#bars").bounding_box()["y"] == top


def test_a_number_reads_from_left_to_right_in_any_language(open_page):
    page = open_page(**DESKTOP, locale="ar")
    said = page.evaluate("""async () => {
        const { t } = await import("/static/js/language.js");
        return t("surelyNumber", { number: "12-5" });
    }""")
    assert "\u206812-5\u2069" in said  # in Unicode's isolates


def test_in_arabic_what_lies_over_a_digit_reads_from_left_to_right_too(open_page):
    page = open_page(**DESKTOP, locale="ar")
    write_on(page, "94301")
    label = page.locator("#boxes .box b").first
    expect(label).to_have_css("direction", "ltr")  # or -5 would be 5-


def test_no_language_is_too_long_for_a_narrow_page(open_page):
    page = open_page(viewport={"width": 320, "height": 800})
    write_on(page, "94301")
    expect(page.locator("#record li")).to_have_count(1)
    for language in LANGUAGES:
        page.locator("#language").select_option(language)
        really = ENTRIES["reallyDeleteAll"][language]
        page.locator(".delete-all").evaluate("(each, text) => (each.textContent = text)", really)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), language
        cut_off = page.evaluate("""() => [...document.querySelectorAll("button, .button, summary")]
            .filter((each) => each.checkVisibility() && each.scrollWidth > each.clientWidth)
            .map((each) => each.outerHTML)""")
        assert cut_off == [], language


def test_names_and_fractions_are_told_as_the_language_writes_them(open_page):
    page = open_page(**DESKTOP, locale="fr")
    upload(page, bytes(300_001))
    expect(error(page)).to_contain_text("0,3\u00a0Mo")
    told = page.evaluate("""async () => {
        const { t } = await import("/static/js/language.js");
        return t("because", { names: "a 8.png", reason: "vide" });
    }""")
    assert told == "a 8.png\u00a0: vide"
    page.locator("#language").select_option("en")
    expect(error(page)).to_contain_text("0.3 MB")
    said = page.evaluate("""async () => {
        const { t } = await import("/static/js/language.js");
        return [t("surely", { digit: 8 }), t("picture", { name: "a 8.png" })];
    }""")
    assert said == ["This is an 8.", "The picture you chose: a 8.png"]


def test_another_language_is_chosen_and_kept_and_says_all_that_is_shown(open_page):
    page = open_page(**DESKTOP)
    draw_strokes(page, [[(0.2, 0.2), (0.8, 0.8)], [(0.8, 0.2), (0.2, 0.8)]])
    expect(page.locator("#words")).to_contain_text("does not look like a digit")
    page.get_by_label("Language").select_option("fr")
    expect(page.locator("#words")).to_contain_text(ENTRIES["noDigit"]["fr"].split("{")[0][:20])
    upload(page, b"no picture at all")
    expect(error(page)).to_have_text(ENTRIES["refusedAsUnknown"]["fr"])
    page.reload()
    expect(page).to_have_title(ENTRIES["title"]["fr"])
    expect(guess(page)).to_have_value("?")
    page.get_by_label(ENTRIES["language"]["fr"]).select_option("en")
    expect(page).to_have_title("Which digit is it?")
