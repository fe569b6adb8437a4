"""The contract as it is published: agreed on, true of the code, and kept under made-up requests."""

import json
import os
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest
import schemathesis
from conftest import encode
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, checks
from strokes import draw, write

from app import create_app
from digits.answer import STEPS
from digits.api import VERSION
from digits.contract import Step
from digits.openapi import document
from settings import Settings

AGREED = Path("tests/openapi.json")
CASES = int(os.environ.get("CASES", 100))  # made-up requests

CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.unsupported_method,
]

# What no schema tells how to make: pictures, and pictures cut short.
WHOLE = [encode(draw(7)), encode(write("94301"), format="JPEG")]
PICTURE = st.sampled_from(WHOLE) | st.sampled_from(WHOLE).flatmap(
    lambda whole: st.integers(0, len(whole)).map(lambda end: whole[:end])
)
for kind in ("png", "jpeg", "webp", "gif", "bmp", "tiff"):
    schemathesis.openapi.media_type(f"image/{kind}", PICTURE | st.binary(max_size=99))


def test_a_change_of_the_contract_is_a_change_in_review():
    """Where it is meant, `python tests/test_contract.py` writes it down."""
    assert json.loads(AGREED.read_text()) == document(Settings())


def test_the_contract_is_served_with_the_limits_that_hold(client):
    served = client.get("/openapi.json").json
    agreed = json.loads(AGREED.read_text())
    assert served["openapi"] == "3.1.0"
    assert served["paths"].keys() == agreed["paths"].keys()
    body = served["paths"]["/predict"]["post"]["requestBody"]
    assert "200,000 bytes" in body["description"]
    assert body["content"]["multipart/form-data"]["schema"]["properties"]["image"]["maxItems"] == 3


@pytest.mark.parametrize("path", ["/predict", "/model", "/healthz", "/readyz", "/openapi.json"])
def test_answers_tell_their_version(client, path):
    response = client.post(path, data=WHOLE[0]) if path == "/predict" else client.get(path)
    assert response.status_code == 200
    assert response.headers["API-Version"] == VERSION


def test_every_step_is_in_the_contract():
    assert get_args(Step) == tuple(STEPS)


def made_up(contract):
    """Requests as the contract describes them, and as it does not, to any of its endpoints."""
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    operations = [each.ok() for each in contract.get_all_operations()]
    return st.one_of(
        [
            operation.as_strategy(generation_mode=mode)
            for operation in operations
            for mode in modes
            if mode is GenerationMode.POSITIVE or operation.path == "/predict"
        ]
    )


def test_no_made_up_request_breaks_the_contract(classifier):
    few = Settings(max_bytes=200_000, max_pixels=1_000_000, max_images=3)
    contract = schemathesis.openapi.from_wsgi("/openapi.json", create_app(few, classifier))
    statuses = Counter()

    @seed(0)
    @settings(
        max_examples=CASES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(made_up(contract))
    def check(case):
        response = case.call_and_validate(checks=CHECKS)
        statuses[case.method, case.path, case.media_type, response.status_code] += 1

    check()
    assert sum(statuses.values()) >= CASES
    assert {200, 400, 415} <= {status for *_, status in statuses}  # it reached what there is


if __name__ == "__main__":
    AGREED.write_text(json.dumps(document(Settings()), indent=1, ensure_ascii=False) + "\n")
