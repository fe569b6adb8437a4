"""The contract of /predict: every way in, every field out, every refusal in words."""

import base64
import gzip
import json
from io import BytesIO

import cv2
import numpy as np
import pytest
from conftest import encode
from flask import request
from PIL import Image
from strokes import draw, write

from app import create_app
from digits.answer import STEPS
from settings import Settings

SEVEN = encode(draw(7))
THREE = encode(draw(3))
BASE64 = base64.b64encode(SEVEN).decode()
PROBLEM = "application/problem+json"


def as_file(data, name="digit.png"):
    return BytesIO(data), name


WAYS_IN = {
    "base64": {"json": {"image": BASE64}},
    "base64 in lines": {
        "json": {"image": "\n".join(BASE64[i : i + 76] for i in range(0, 9999, 76))}
    },
    "data url in capitals": {"json": {"image": f"DATA:IMAGE/PNG;BASE64,{BASE64}"}},
    "text of a form": {"data": {"image": BASE64}, "content_type": "multipart/form-data"},
    "data url": {"json": {"image": f"data:image/png;base64,{BASE64}"}},
    "multipart": {"data": {"image": as_file(SEVEN)}},
    "bytes": {"data": SEVEN, "content_type": "image/png"},
    "bytes, wrong type": {"data": SEVEN, "content_type": "image/jpeg"},
    "bytes, no type": {"data": SEVEN},
    "bytes as curl sends them": {
        "data": SEVEN,
        "content_type": "application/x-www-form-urlencoded",
    },
}


@pytest.mark.parametrize("way", WAYS_IN)
def test_every_way_in_gives_the_same_answer(client, way):
    sent = dict(WAYS_IN[way])
    if way == "multipart":
        sent["data"] = {"image": as_file(SEVEN)}
    response = client.post("/predict", **sent)
    assert response.status_code == 200
    assert response.mimetype == "application/json"
    assert response.json["number"] == "7"


def test_every_field_out(client, classifier):
    answer = client.post("/predict", data=SEVEN).json
    assert list(answer) == [
        *("number", "verdict", "digit", "confidence", "probabilities", "top", "digits", "model")
    ]
    assert (answer["number"], answer["verdict"], answer["digit"]) == ("7", "digit", 7)
    probabilities = answer["probabilities"]
    assert len(probabilities) == 10
    assert sum(probabilities) == pytest.approx(1, abs=1e-9)
    assert probabilities[7] == max(probabilities)
    best = sorted(range(10), key=lambda digit: -probabilities[digit])[:3]
    assert answer["top"] == [{"digit": d, "probability": probabilities[d]} for d in best]
    (digit,) = answer["digits"]
    assert digit["digit"] == 7
    assert digit["confidence"] == answer["confidence"] == digit["is_digit"] * probabilities[7]
    assert digit["probabilities"] == probabilities
    assert set(digit["box"]) == {"x", "y", "width", "height"}
    assert all(isinstance(side, int) for side in digit["box"].values())
    assert answer["model"] == classifier.version


def test_json_may_begin_with_the_mark_that_powershell_writes(client):
    body = b"\xef\xbb\xbf" + json.dumps({"image": BASE64}).encode()
    assert client.post("/predict", data=body, content_type="application/json").json["number"] == "7"


def test_a_list_takes_no_more_than_its_time(classifier):
    client = create_app(Settings(max_time=0), classifier).test_client()
    images = ["!", BASE64, BASE64, BASE64]
    bad, first, *others = client.post("/predict", json={"images": images}).json["results"]
    assert bad["status"] == 400
    assert first["number"] == "7"  # however long it takes
    assert [(each["status"], "the 0 s that" in each["detail"]) for each in others] == 2 * [
        (413, True)
    ]


def test_blank_paper(client, classifier):
    answer = client.post("/predict", data=encode(np.full((50, 50), 255, np.uint8))).json
    assert answer == {
        "number": "",
        "verdict": "blank",
        "digit": None,
        "confidence": 1.0,
        "probabilities": None,
        "top": [],
        "digits": [],
        "model": classifier.version,
    }


@pytest.mark.parametrize("mode", ["auto", "digit", "number"])
def test_modes(client, mode):
    assert client.post(f"/predict?mode={mode}", data=SEVEN).json["number"] == "7"


def test_steps_are_pictures_of_the_way(client):
    assert "steps" not in client.post("/predict?steps=", data=SEVEN).json
    answer = client.post("/predict?steps=input,ink,digit&steps=even,%20grey", data=SEVEN).json
    names = [step["name"] for step in answer["steps"]]
    assert names == ["grey", "even", "ink", "digit", "input"]  # in the order of the way
    for step in answer["steps"]:
        kind, _, content = step["image"].partition(",")
        assert kind == "data:image/png;base64"
        assert base64.b64decode(content).startswith(b"\x89PNG")
        # Each of them is itself a picture of the digit.
        again = client.post("/predict", json={"image": step["image"]}).json
        assert again["number"] == "7"


def test_steps_of_a_large_picture_are_small_pictures(client):
    large = encode(draw(7, 900))
    for step in client.post(f"/predict?steps={','.join(STEPS)}", data=large).json["steps"]:
        content = base64.b64decode(step["image"].partition(",")[2])
        assert max(Image.open(BytesIO(content)).size) <= 320


def test_saliency_covers_each_digit_s_box(client):
    page = encode(write("36", 200))
    answer = client.post("/predict?steps=saliency", data=page).json
    assert answer["number"] == "36"
    for digit, step in zip(answer["digits"], answer["steps"], strict=True):
        assert step["name"] == "saliency"
        content = base64.b64decode(step["image"].partition(",")[2])
        picture = Image.open(BytesIO(content))
        assert picture.mode == "RGBA"
        assert picture.size == (digit["box"]["width"], digit["box"]["height"])
        red, green, blue, alpha = np.moveaxis(np.asarray(picture), -1, 0)
        assert {(red.min(), red.max()), (blue.min(), blue.max())} == {(255, 255), (0, 0)}
        assert 0 < green.min() == green.max() < 128  # orange-red, and all of one colour
        assert (alpha.min(), alpha.max()) == (0, 255)


def test_saliency_of_many_digits_is_of_the_first_dozen(client):
    answer = client.post("/predict?steps=saliency", data=encode(write("31415926535897"))).json
    assert len(answer["digits"]) == 14
    assert len(answer["steps"]) == 12


def test_what_is_no_digit_comes_with_a_best_guess(client):
    cross = np.full((100, 100), 255, np.uint8)
    cv2.line(cross, (20, 20), (80, 80), 0, 7)
    cv2.line(cross, (80, 20), (20, 80), 0, 7)
    answer = client.post("/predict", data=encode(cross)).json
    assert (answer["verdict"], answer["number"]) == ("not_a_digit", "?")
    assert answer["digit"] in range(10)
    assert answer["confidence"] < 0.5
    assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-9)


def test_several_are_answered_in_order_each_by_itself(client):
    images = [base64.b64encode(data).decode() for data in (THREE, b"no picture", SEVEN)]
    three, bad, seven = client.post("/predict", json={"images": images}).json["results"]
    assert (three["number"], seven["number"]) == ("3", "7")
    assert bad["status"] == 415
    assert set(bad) == {"type", "title", "status", "detail"}


def test_a_list_of_one_is_answered_with_a_list(client):
    assert len(client.post("/predict", json={"images": [BASE64]}).json["results"]) == 1


def test_several_files(client):
    files = {"image": [as_file(THREE), as_file(SEVEN)]}
    results = client.post("/predict", data=files).json["results"]
    assert [result["number"] for result in results] == ["3", "7"]


def drawing_as(mode, kind="PNG", **options):
    return {"data": encode(draw(7), mode, kind, **options)}


LEGITIMATE = {
    "one pixel": ({"data": encode(np.zeros((1, 1), np.uint8))}, "blank"),
    "16 bits": ({"data": encode(draw(7).astype(np.uint16) * 257)}, "digit"),
    "CMYK": (drawing_as("CMYK", "JPEG"), "digit"),
    "palette": (drawing_as("P"), "digit"),
    "1 bit": (drawing_as("1"), "digit"),
    "animated": (drawing_as("P", "GIF", save_all=True), "digit"),
}


@pytest.mark.parametrize("name", LEGITIMATE)
def test_unusual_pictures_are_read(client, name):
    sent, verdict = LEGITIMATE[name]
    answer = client.post("/predict", **sent).json
    assert answer["verdict"] == verdict
    assert answer["number"] == ("7" if verdict == "digit" else "")


def url_of(kind, data=SEVEN):
    return {"json": {"image": f"data:{kind};base64,{base64.b64encode(data).decode()}"}}


PROGRESSIVE = encode(draw(7), format="JPEG", progressive=True)
SCAN = PROGRESSIVE[PROGRESSIVE.rindex(b"\xff\xda") : -2]
DEEP = b"[" * 99_999

BAD = {
    "thousands of scans": ({"data": PROGRESSIVE[:-2] + SCAN * 100}, 422, "damaged"),
    "a side too long": ({"data": encode(np.zeros((1, 30_001), np.uint8))}, 413, "30,000"),
    "no body": ({}, 400, "The image is empty"),
    "empty file": ({"data": b"", "content_type": "image/png"}, 400, "empty"),
    "not JSON": ({"data": b"{image", "content_type": "application/json"}, 400, "not JSON"),
    "not UTF-8": ({"data": b"\xff\xfe{", "content_type": "application/json"}, 400, "not JSON"),
    "deep JSON": ({"data": DEEP, "content_type": "application/json"}, 400, "not a JSON object"),
    "deep in it": ({"data": b'{"a":' + DEEP, "content_type": "application/json"}, 400, "not JSON"),
    "not an object": ({"json": [BASE64]}, 400, "not a JSON object"),
    "no image": ({"json": {"picture": BASE64}}, 400, "no image"),
    "no images": ({"json": {"images": []}}, 400, "no image"),
    "images no list": ({"json": {"images": BASE64}}, 400, "not a list"),
    "no file": ({"data": {"picture": as_file(SEVEN)}}, 400, "no image"),
    "image null": ({"json": {"image": None}}, 400, "not a string"),
    "image a number": ({"json": {"image": 7}}, 400, "not a string"),
    "image empty": ({"json": {"image": ""}}, 400, "empty"),
    "not base64": ({"json": {"image": "!nonsense!"}}, 400, "not base64"),
    "not ASCII": ({"json": {"image": "sieben \u0667"}}, 400, "not base64"),
    "base64 cut short": ({"json": {"image": BASE64[:-3]}}, 400, "not base64"),
    "data URL not base64": ({"json": {"image": "data:image/png,%89PNG"}}, 400, "needs ;base64"),
    "data URL of text": (url_of("text/plain"), 415, "not of an image"),
    "data URL of SVG": (url_of("image/svg+xml", b"<svg/>"), 415, "not a PNG"),
    "text": ({"data": b"seven", "content_type": "image/png"}, 415, "not a PNG"),
    "JSON unannounced": (
        {"data": json.dumps({"image": BASE64}).encode()},
        415,
        "send it as Content-Type: application/json",
    ),
    "one and several": ({"json": {"image": BASE64, "images": [BASE64]}}, 400, "not both"),
    "compressed": (
        {"data": gzip.compress(SEVEN), "headers": {"Content-Encoding": "gzip"}},
        415,
        "not compressed",
    ),
    "SVG": ({"data": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}, 415, "not a PNG"),
    "truncated PNG": ({"data": SEVEN[: len(SEVEN) // 2]}, 422, "damaged"),
    "too many pixels": (
        {"data": encode(np.zeros((1200, 1000), np.uint8))},
        413,
        "more than 1,000,000 pixels",
    ),
    "20,000 x 20,000": (
        {"data": encode(np.zeros((20_000, 20_000), bool), "1")},
        413,
        "more than 1,000,000 pixels",
    ),
    "too many images": ({"json": {"images": [BASE64] * 4}}, 413, "At most 3 images"),
    "too large": ({"data": bytes(200_001)}, 413, "larger than 0.2 MB"),
    "too large JSON": ({"json": {"image": "A" * 200_001}}, 413, "larger than 0.2 MB"),
    "too large file": ({"data": {"image": as_file(bytes(200_001))}}, 413, "larger than 0.2 MB"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_in_words_and_the_next_is_served(client, name):
    sent, status, words = BAD[name]
    sent = dict(sent)
    if isinstance(sent.get("data"), dict):  # the client closes files that it has sent
        content = bytes(200_001) if "large" in name else SEVEN
        (field,) = sent["data"]
        sent["data"] = {field: as_file(content)}
    response = client.post("/predict", **sent)
    check_problem(response, status, words)
    assert client.post("/predict", data=SEVEN).json["number"] == "7"


def check_problem(response, status, words):
    assert response.status_code == status
    assert response.mimetype == PROBLEM
    assert list(response.json) == ["type", "title", "status", "detail", "request_id"]
    assert response.json["status"] == status
    assert words in response.json["detail"]
    assert "Traceback" not in response.text


def test_the_pixels_of_all_pictures_count(client):
    large = base64.b64encode(encode(np.zeros((700, 800), np.uint8))).decode()
    first, second = client.post("/predict", json={"images": [large, large]}).json["results"]
    assert first["verdict"] == "blank"
    assert second["status"] == 413
    assert second["detail"].startswith("Together the pictures have more than 1,000,000 pixels.")


def test_no_file_is_written_however_large(classifier):
    app = create_app(Settings(), classifier)
    with app.test_request_context(method="POST", data={"image": as_file(bytes(3_000_000))}):
        stream = request.files["image"].stream
        assert isinstance(stream, BytesIO)
        assert len(stream.getvalue()) == 3_000_000


def test_a_body_of_unknown_length_is_refused(client):
    response = client.post("/predict", data=SEVEN, headers={"Transfer-Encoding": "chunked"})
    check_problem(response, 411, "Content-Length")


def test_an_unknown_mode_is_refused(client):
    response = client.post("/predict?mode=letters", data=SEVEN)
    check_problem(response, 400, "Use one of: auto, digit, number")


def test_an_unknown_step_is_refused(client):
    response = client.post("/predict?steps=ink,grye", data=SEVEN)
    check_problem(response, 400, "no step 'grye'. Use any of: grey, even, ink")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_a_wrong_method_is_refused(client, method):
    response = client.open("/predict", method=method)
    check_problem(response, 405, "Use POST")
    assert "POST" in response.headers["Allow"]


def test_an_unknown_path_is_refused(client):
    check_problem(client.get("/predictions"), 404, "nothing at /predictions")


def test_health(client, classifier):
    assert client.get("/healthz").json == {"status": "alive"}
    assert client.get("/readyz").json == {"status": "ready", "model": classifier.version}
