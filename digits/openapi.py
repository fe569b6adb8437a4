"""The OpenAPI 3.1 document: the contract's types, and how to ask for them."""

from typing import get_args

from msgspec.json import schema_components

from digits.contract import (
    REF,
    Alive,
    Answer,
    Answers,
    Images,
    Network,
    ProblemDetails,
    Ready,
    Step,
    one_of,
)
from digits.image import FORMATS
from digits.read import MODES

VERSION = "2.0.0"  # the first number changes where callers may have to
JSON, PROBLEM = "application/json", "application/problem+json"

# What /predict refuses, by status.
REFUSED = {
    400: "Not JSON, no image, not base64, or an unknown mode or step.",
    411: "A chunked body: its length is not known before it ends.",
    413: "A request, a picture or a list over its limit.",
    415: "Not a picture in one of the formats, or compressed.",
    422: "A damaged or truncated picture.",
    429: "More requests than the server takes from one client: `Retry-After` says how many"
    " seconds to wait.",
    500: "Something went wrong on the server.",
    503: "Too many requests are waiting: `Retry-After` says how many seconds to wait.",
}


def document(settings):
    """The document as a dict; the settings' limits are part of it."""
    types = (Images, Answer, Answers, ProblemDetails, Network, Alive, Ready)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Which digit is it?",
            "version": VERSION,
            "summary": "Reads handwritten digits and numbers out of pictures.",
            "description": "Every answer has this version as `API-Version`. Its first number"
            " changes when callers may have to; fields may be added without that.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": {
            "/predict": {"post": predict(settings)},
            "/model": {"get": get("model", "What the network is", one_of(Network))},
            "/healthz": {"get": get("healthz", "Whether the process lives", one_of(Alive))},
            "/readyz": {
                "get": get(
                    *("readyz", "Whether the network answers", one_of(Ready)),
                    {503: "It does not. Try again shortly."},
                )
            },
            "/openapi.json": {"get": get("openapi", "This document", {"type": "object"})},
        },
        "components": {"schemas": schema_components(types, ref_template=REF)[1]},
    }


def predict(settings):
    return {
        "operationId": "predict",
        "summary": "Read the digits of one or several pictures",
        "parameters": [
            {
                "name": "mode",
                "in": "query",
                "description": "`digit` treats each picture as one digit, `number` as rows of any"
                " number of digits; `auto` finds out which.",
                "schema": {"enum": list(MODES), "default": "auto"},
            },
            {
                "name": "steps",
                "in": "query",
                "description": "Pictures of the steps to the network's input to send with the"
                " answer, by name, separated by commas; for the first hundred digits, and"
                " `saliency`, what the answer rests on, for the first twelve.",
                "style": "form",
                "explode": False,
                "schema": {"type": "array", "items": {"enum": list(get_args(Step))}},
            },
        ],
        "requestBody": {
            "required": True,
            "description": f"At most {settings.max_bytes:,} bytes, and {settings.max_images} images"
            f" of {settings.max_pixels:,} pixels together.",
            "content": {
                "application/json": {
                    "schema": one_of(Images)
                    | {"oneOf": [{"required": ["image"]}, {"required": ["images"]}]}
                },
                "multipart/form-data": {"schema": form(settings)},
                **{f"image/{format.lower()}": {} for format in FORMATS},
            },
        },
        "responses": {
            "200": answer("An Answer to one picture, Answers to several.", one_of(Answer, Answers)),
            **refusals(REFUSED),
        },
    }


def form(settings):
    """Files, or texts of base64, named image."""
    return {
        "type": "object",
        "required": ["image"],
        "properties": {
            "image": {
                "type": "array",
                "description": "Files or base64 texts, one or several; files are read first.",
                "items": {"type": "string", "contentMediaType": "image/*"},
                "minItems": 1,
                "maxItems": settings.max_images,
            }
        },
    }


def get(name, summary, schema, refused=None):
    return {
        "operationId": name,
        "summary": summary,
        "responses": {"200": answer(f"{summary}.", schema), **refusals(refused or {})},
    }


def answer(description, schema):
    return {"description": description, "content": {JSON: {"schema": schema}}}


def refusals(words):
    problem = {PROBLEM: {"schema": one_of(ProblemDetails)}}
    return {
        str(status): {"description": description, "content": problem}
        for status, description in words.items()
    }
