"""What is told of a request, and what is not."""

import base64
import json
import os

import pytest

from train.benchmark import DRAWING

PNG = DRAWING.read_bytes()


@pytest.fixture
def told(capsys):
    """The lines of the log, each as a dict."""
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_reading_is_told_in_one_line(client, classifier, told):
    response = client.post("/predict?mode=digit", data=PNG)
    (line,) = told()
    assert line.pop("time").endswith("+00:00")
    assert line.pop("ms") > 0
    assert line == {
        "id": response.headers["X-Request-ID"],
        "method": "POST",
        "path": "/predict",
        "status": 200,
        "bytes": len(response.data),
        "verdicts": {"digit": 1},
        "model": classifier.version,
    }


def test_the_verdicts_of_several_pictures_are_counted(client, told):
    image = base64.b64encode(PNG).decode()
    client.post("/predict", json={"images": [image, "nonsense!", image]})
    (line,) = told()
    assert line["verdicts"] == {"digit": 2, "refused": 1}


def test_nothing_that_a_client_made_up_is_told(client, told):
    name = "jane.doe"
    client.get(f"/{name}")
    client.get(f"/static/{name}")
    client.get(f"/?of={name}", headers={"User-Agent": name, "Referer": name})
    client.post(f"/predict?mode={name}", data=name, headers={"X-Forwarded-For": name})
    client.get("/healthz", headers={"X-Request-ID": f"<{name}>"})
    lines = told()
    assert [line["status"] for line in lines] == [404, 404, 200, 400, 200]
    paths = [None, "/static/<path:filename>", "/", "/predict", "/healthz"]
    assert [line["path"] for line in lines] == paths
    assert name not in json.dumps(lines)
    assert "127.0.0.1" not in json.dumps(lines)


def test_a_log_that_cannot_be_written_costs_no_answer(client, monkeypatch):
    with open("/dev/full", "w") as full:
        monkeypatch.setattr("sys.stdout", full)
        assert client.post("/predict", data=PNG).status_code == 200
        monkeypatch.undo()
        with pytest.raises(OSError, match="No space"):
            full.flush()
        os.dup2(os.open(os.devnull, os.O_WRONLY), full.fileno())


@pytest.mark.parametrize("given", ["f81d4fae-7dec-11d0", "7", "a" * 64])
def test_the_id_that_a_request_brings_is_kept(client, told, given):
    response = client.get("/nowhere", headers={"X-Request-ID": given})
    (line,) = told()
    assert response.headers["X-Request-ID"] == response.json["request_id"] == line["id"] == given


@pytest.mark.parametrize("given", ["", "a" * 65, "with space", 'a"b', "\u0667"])
def test_another_is_made_for_one_that_is_none(client, given):
    ids = [client.get("/healthz", headers={"X-Request-ID": given}).headers for _ in range(2)]
    first, second = (headers["X-Request-ID"] for headers in ids)
    assert given not in (first, second)
    assert first != second
