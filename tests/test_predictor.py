"""Questions and answers: in order, one at a time, and whatever the network does."""

import itertools
import time

import pytest
from browser import DEVICES, button, draw_on, draw_strokes, error, guess, nothing
from playwright.sync_api import expect


@pytest.fixture
def held(page):
    """The requests that the page made; each is answered when its route is continued."""
    routes = []
    page.route("**/predict*", lambda route: routes.append(route))
    return routes


def wait_for(page, routes, count):
    deadline = time.monotonic() + 5
    while len(routes) < count and time.monotonic() < deadline:
        page.wait_for_timeout(20)
    assert len(routes) == count


def test_one_request_is_on_its_way_and_the_newest_drawing_is_the_next(page, held):
    draw_strokes(page, [[(0.5, 0.2), (0.5, 0.8)]])
    wait_for(page, held, 1)
    button(page, "Clear").click()
    draw_strokes(page, [[(0.3, 0.5), (0.7, 0.5)]])
    button(page, "Clear").click()
    draw_on(page, 3)
    page.wait_for_timeout(200)
    assert len(held) == 1
    held[0].continue_()  # the answer to a drawing that was cleared
    wait_for(page, held, 2)
    expect(nothing(page)).to_be_visible()
    held[1].continue_()
    expect(guess(page)).to_have_value("3")
    page.wait_for_timeout(200)
    assert len(held) == 2


def test_an_answer_that_comes_after_the_pad_was_cleared_is_not_shown(page, held):
    draw_on(page, 3)
    wait_for(page, held, 1)
    button(page, "Clear").click()
    held[0].continue_()
    page.wait_for_timeout(500)
    expect(nothing(page)).to_be_visible()
    expect(page.locator("#words")).to_have_text("Nothing to read yet.")


def test_a_slow_server_is_told_within_two_seconds_and_its_answer_still_shown(page, held):
    draw_on(page, 3)
    wait_for(page, held, 1)
    expect(error(page)).to_contain_text("slow", timeout=2_000)
    expect(error(page)).to_contain_text("Nothing is lost")
    for route in held:
        route.continue_()
    page.unroute_all()
    expect(guess(page)).to_have_value("3")
    expect(error(page)).to_be_hidden()


@pytest.mark.parametrize("device", DEVICES)
def test_a_drawing_made_without_a_network_is_read_when_it_is_back(open_page, device):
    page = open_page(**DEVICES[device])
    page.evaluate("navigator.serviceWorker.ready.then(() => {})")
    page.wait_for_function("() => navigator.serviceWorker.controller")
    page.context.set_offline(True)
    draw_on(page, 3)
    expect(error(page)).to_contain_text("no connection", timeout=2_000)
    expect(error(page)).to_contain_text("Nothing is lost")
    page.reload()
    expect(error(page)).to_contain_text("Nothing is lost")
    expect(nothing(page)).to_be_visible()
    page.context.set_offline(False)
    expect(guess(page)).to_have_value("3", timeout=2_000)  # at once, whatever pause was due
    expect(error(page)).to_be_hidden()


def test_what_the_server_fails_on_is_told_and_not_asked_again(page):
    words = "Something went wrong here, not with your request. It has been logged."
    asked = []

    def fail(route):
        asked.append(time.monotonic())
        route.fulfill(status=500, json={"status": 500, "detail": words})

    page.route("**/predict*", fail)
    draw_strokes(page, [[(0.5, 0.2), (0.5, 0.2)]])
    expect(error(page)).to_have_text(words)
    page.get_by_label("Language").select_option("fr")
    expect(error(page)).to_have_text("Une erreur s'est produite sur le serveur.")
    page.wait_for_timeout(500)
    count = len(asked)
    page.wait_for_timeout(1_500)  # where it is not reached, it is asked again after a second
    assert len(asked) == count
    page.unroute("**/predict*")
    draw_on(page, 3)
    expect(guess(page)).to_have_value("3")
    expect(error(page)).to_be_hidden()


def test_it_asks_ever_more_rarely(page):
    asked = []

    def fail(route):
        asked.append(time.monotonic())
        route.abort()

    page.route("**/predict*", fail)
    draw_strokes(page, [[(0.5, 0.2), (0.5, 0.2)]])
    page.wait_for_timeout(4_000)
    pauses = [later - sooner for sooner, later in itertools.pairwise(asked)]
    assert len(pauses) >= 2
    assert pauses[-1] > 1.5 * pauses[-2]


def test_a_new_drawing_does_not_wait_out_the_pause_of_one_before(page):
    page.route("**/predict*", lambda route: route.abort())
    draw_on(page, 1)
    expect(error(page)).to_be_visible()
    page.wait_for_timeout(3_300)  # asked again twice, and once more in 4 s
    button(page, "Clear").click()
    draw_strokes(page, [[(0.5, 0.2), (0.5, 0.8)]])
    expect(error(page)).to_be_visible(timeout=800)
    button(page, "Clear").click()
    page.unroute("**/predict*")
    draw_on(page, 3)
    expect(guess(page)).to_have_value("3", timeout=1_500)
