"""The page from end to end by keyboard."""

from browser import button, guess, nothing
from playwright.sync_api import expect

FOCUSED = """() => {
    const element = document.activeElement;
    const shown = element.id === "file" ? element.previousElementSibling : element;
    const outlined = element.tagName === "CANVAS" ? element.parentElement : shown;
    const { outlineStyle } = getComputedStyle(outlined);
    return [element.id || element.ariaLabel || element.textContent.trim(), outlineStyle];
}"""

REACHABLE = """() => [...document.querySelectorAll(
    "a[href], button:not(:disabled), select, input:not([tabindex='-1']), summary, canvas[tabindex]",
)].filter((each) => each.checkVisibility())
    .map((each) => each.id || each.ariaLabel || each.textContent.trim())"""


def draw_one(page):
    page.locator("#pad canvas").focus()
    page.keyboard.press("Space")
    for _ in range(15):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(guess(page)).to_have_value("1")


def test_all_that_can_be_used_is_reached_in_order_and_the_focus_is_seen(page):
    draw_one(page)
    expect(page.locator("#record li")).to_have_count(1)
    wanted = page.evaluate(REACHABLE)
    assert len(wanted) > 20
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Shift+Tab")  # to the end, from where Tab begins anew
    page.locator("#language").focus()
    reached = []
    for _ in wanted:
        name, outline = page.evaluate(FOCUSED)
        assert outline != "none", name
        reached.append(name)
        page.keyboard.press("Tab")
    assert reached == wanted


def test_a_drawing_is_made_undone_kept_and_opened_again(page):
    draw_one(page)
    expect(page.locator("#record li")).to_have_count(1)
    button(page, "Undo").focus()
    page.keyboard.press("Enter")
    expect(nothing(page)).to_be_visible()
    button(page, "Redo").focus()
    page.keyboard.press("Enter")
    expect(guess(page)).to_have_value("1")
    page.locator("#size").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#size")).to_have_value("7")
    page.locator("#steps summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#way [data-step=digit] img")).to_be_visible()
    page.get_by_role("button", name="Example: a number").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#words")).to_have_text("This is 94301.")
    page.get_by_role("button", name="Open 1 again").focus()
    page.keyboard.press("Enter")
    expect(guess(page)).to_have_value("1")
    expect(page.locator("#pad canvas")).to_be_focused()


def test_the_dialog_holds_the_focus_and_gives_it_back(page):
    button(page, "Camera").focus()
    page.keyboard.press("Enter")
    expect(button(page, "Take this picture")).to_be_enabled()
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || "
            "document.querySelector('dialog').contains(document.activeElement)"
        )
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(button(page, "Camera")).to_be_focused()
