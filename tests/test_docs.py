"""The page at /docs: true of the contract, its calls those of the README, its form at work."""

import html
import json
import re
from pathlib import Path

import pytest
from browser import DEVICES, OUTPUT, clipboard, violations
from conftest import encode
from playwright.sync_api import expect
from strokes import draw

README = Path("README.md").read_text()


@pytest.fixture
def page(open_page, server):
    return open_page(f"{server.url}/docs")


def text_of(markup):
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


def test_every_endpoint_and_field_of_the_contract_is_there(client):
    shown = text_of(client.get("/docs").text)
    contract = client.get("/openapi.json").json
    for path, methods in contract["paths"].items():
        for method, operation in methods.items():
            assert f"{method.upper()} {path}" in shown
            assert all(status in shown for status in operation["responses"])
    for name, schema in contract["components"]["schemas"].items():
        assert name in shown
        for field, each in schema["properties"].items():
            assert field in shown
            assert each.get("description", "").replace("`", "") in shown


@pytest.mark.parametrize("language", ["sh", "python", "js"])
def test_the_calls_are_the_readme_s(client, language):
    """Which test_readme.py executes as they are printed."""
    (call,) = re.findall(
        rf'<code class="{language}">(.*?)</code>', client.get("/docs").text, re.DOTALL
    )
    assert f"```{language}\n{text_of(call)}```" in README


def test_nothing_comes_from_elsewhere_or_stands_inline(client):
    source = client.get("/docs").text
    assert not re.findall(r'(?:src|href)="(?!/|#)', source)
    assert not re.findall(r"<style|<script(?! type=\"module\" src)| style=| on\w+=", source)


def test_a_slash_at_its_end_does_no_harm(client):
    assert client.get("/docs/").data == client.get("/docs").data


def test_it_does_not_burden_the_page_for_drawing(client):
    assert "docs/docs." not in client.get("/").text


def test_the_form_shows_what_the_server_answers(page):
    send(page, encode(draw(7)), "digit")
    expect(page.get_by_role("status")).to_have_text("200 application/json")
    assert json.loads(answer(page).inner_text())["number"] == "7"
    send(page, b"no picture", "auto")
    expect(page.get_by_role("status")).to_have_text("415 application/problem+json")
    assert "not a PNG" in answer(page).inner_text()
    page.route("**/predict*", lambda route: route.abort())
    send(page, encode(draw(7)), "digit")
    expect(page.get_by_role("status")).to_contain_text("does not answer")
    expect(answer(page)).to_be_hidden()


def send(page, content, mode):
    file = {"name": "seven.png", "mimeType": "image/png", "buffer": content}
    page.get_by_label("Picture").set_input_files(file)
    page.get_by_label("Mode").select_option(mode)
    page.get_by_role("button", name="Send").click()


def answer(page):
    return page.get_by_role("region", name="The answer")


def test_a_call_is_copied_with_the_address_of_this_server(page, server):
    page.context.grant_permissions(["clipboard-write"])
    button = page.get_by_role("button", name="Copy the call in curl")
    button.click()
    expect(button).to_have_text("Copied")
    expect(button).to_have_text("Copy")
    assert clipboard(page) == f"curl --data-binary @digit.png {server.url}/predict\n"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", DEVICES)
def test_axe_finds_nothing_and_nothing_is_cut_off(open_page, server, device, scheme):
    look = {**DEVICES[device], "color_scheme": scheme, "bypass_csp": True}
    page = open_page(f"{server.url}/docs", **look)
    send(page, encode(draw(7)), "auto")
    expect(answer(page)).to_be_visible()
    OUTPUT.mkdir(exist_ok=True)
    page.screenshot(path=OUTPUT / f"{device}-{scheme}-docs.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
