"""Imports point one way: app -> digits.api -> digits.read -> {image, ink, number, segment} …"""

import ast
from pathlib import Path

IMPORTS = {
    "settings": set(),
    "model": set(),
    "digits": set(),
    "digits.normalise": set(),
    "digits.sheet": {"digits.image"},
    "digits.glare": set(),
    "digits.letterbox": set(),
    "digits.shadow": set(),
    "digits.panel": {"digits.normalise"},
    "digits.barcode": set(),
    "digits.canvas": set(),
    "digits.image": {"digits.canvas"},
    "digits.tint": {"digits.panel"},
    "digits.ink": {
        "digits.glare",
        "digits.image",
        "digits.letterbox",
        "digits.shadow",
        "digits.sheet",
        "digits.tint",
    },
    "digits.segment": {"digits.normalise"},
    "digits.judge": {"digits.normalise", "digits.segment"},
    "digits.cut": set(),
    "digits.rings": {"digits.normalise", "digits.segment"},
    "digits.lines": {"digits.segment"},
    "digits.signs": {"digits.normalise", "digits.segment"},
    "digits.strike": {"digits.normalise"},
    "digits.strip": {"digits.normalise"},
    "digits.rows": {"digits.barcode", "digits.segment", "digits.signs"},
    "digits.lattice": {
        "digits.cut",
        "digits.judge",
        "digits.normalise",
        "digits.rows",
        "digits.segment",
        "digits.signs",
    },
    "digits.number": {
        "digits.judge",
        "digits.lattice",
        "digits.lines",
        "digits.rings",
        "digits.rows",
        "digits.segment",
        "digits.signs",
        "digits.strip",
        "digits.words",
    },
    "digits.words": {"digits.judge", "digits.rows", "digits.segment", "digits.strike"},
    "digits.saliency": {"digits.judge", "digits.normalise"},
    "digits.read": {
        "digits.image",
        "digits.ink",
        "digits.judge",
        "digits.lines",
        "digits.number",
        "digits.panel",
        "digits.rings",
        "digits.segment",
        "digits.signs",
        "digits.words",
    },
    "digits.contract": set(),
    "digits.answer": {"digits.contract", "digits.image", "digits.ink", "digits.saliency"},
    "digits.card": {"digits.contract", "digits.image", "digits.judge"},
    "digits.openapi": {"digits.contract", "digits.image", "digits.read"},
    "digits.reader": set(),
    "digits.api": {
        "digits.answer",
        "digits.card",
        "digits.contract",
        "digits.openapi",
        "digits.read",
        "digits.reader",
    },
    "digits.remote": {"digits.answer", "digits.contract"},
    "digits.table": {
        "model",
        "settings",
        "digits.answer",
        "digits.contract",
        "digits.read",
        "digits.remote",
    },
    "digits.__main__": {"digits.table"},
    "page": {"digits.openapi"},
    "clients": set(),
    "headers": set(),
    "logs": set(),
    "metrics": {"logs"},
    "worker": {"logs"},
    "app": {
        *("clients", "headers", "logs", "metrics", "model", "page", "settings"),
        "digits.api",
    },
    "gunicorn.conf": {"clients", "headers", "settings"},
}
FILES = [*Path(".").glob("*.py"), *Path("digits").glob("*.py"), *Path("train").glob("*.py")]
OURS = {name.split(".")[0] for name in IMPORTS} - {"gunicorn"} | {"train"}


def name_of(path):
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def imports(path):
    """The modules of this project that a file imports, inside its functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module)
    return {name for name in found if name.split(".")[0] in OURS}


def test_each_part_of_serving_imports_what_is_written_here_and_no_more():
    seen = {name_of(path): imports(path) for path in FILES}
    serving = {name: found for name, found in seen.items() if not name.startswith("train")}
    assert serving == IMPORTS


def test_nothing_imports_app():
    assert not [path for path in FILES if "app" in imports(path)]


def test_only_model_and_training_know_tensorflow():
    for path in FILES:
        if path.parts[0] in ("model.py", "train"):
            continue
        tree = ast.parse(path.read_text())
        modules = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        modules |= {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
        assert not {m for m in modules if m and m.split(".")[0] in ("keras", "tensorflow")}
