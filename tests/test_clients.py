"""How many requests a client may send, and who it is taken for."""

import socket
import time

import pytest

from app import create_app
from digits.reader import Busy, Reader
from settings import Settings
from train.benchmark import DRAWING

PNG = DRAWING.read_bytes()


@pytest.fixture
def ask(classifier):
    """Send a drawing to an app with these settings, from an address."""
    clients = {}

    def ask_(address="192.0.2.1", forwarded=None, **settings):
        key = tuple(settings.items())
        if key not in clients:
            clients[key] = create_app(Settings(**settings), classifier).test_client()
        return clients[key].post(
            "/predict",
            data=PNG,
            headers={"X-Forwarded-For": forwarded} if forwarded else {},
            environ_base={"REMOTE_ADDR": address},
        )

    return ask_


def test_one_client_is_held_to_its_rate_and_another_is_served(ask):
    limited = {"rate_limit": "2/minute"}
    first, second, third = (ask(**limited) for _ in range(3))
    assert [first.status_code, second.status_code, third.status_code] == [200, 200, 429]
    assert [r.headers["RateLimit-Remaining"] for r in (first, second, third)] == ["1", "0", "0"]
    assert first.headers["RateLimit-Limit"] == "2"
    assert third.mimetype == "application/problem+json"
    assert "The limit is 2 per 1 minute" in third.json["detail"]
    assert 0 < int(third.headers["Retry-After"]) <= 61
    assert "Retry-After" not in second.headers
    assert ask("192.0.2.2", **limited).status_code == 200


def test_who_waits_as_long_as_is_said_is_answered(ask):
    limited = {"rate_limit": "1/second"}
    for _ in range(3):
        while (refused := ask(**limited)).status_code == 200:
            pass
        time.sleep(int(refused.headers["Retry-After"]))
        assert ask(**limited).status_code == 200


def test_who_is_refused_because_of_others_waits_no_longer_for_a_limit(classifier, monkeypatch):
    def is_busy(_):
        raise Busy(1.5)

    monkeypatch.setattr(Reader, "check", is_busy)
    client = create_app(Settings(rate_limit="100/hour"), classifier).test_client()
    response = client.post("/predict", data=PNG)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "2")


def test_each_worker_counts_for_itself_while_the_storage_is_gone(ask):
    gone = {"rate_limit": "2/minute", "rate_limit_storage": "redis://127.0.0.1:1"}
    assert [ask(**gone).status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize("rate", ["10 per fortnight", "10", "off", "ten/second"])
def test_a_rate_that_is_none_is_told_and_not_passed_over(ask, rate):
    with pytest.raises(ValueError, match=f"RATE_LIMIT={rate} is not a rate"):
        ask(rate_limit=rate)


@pytest.mark.parametrize("storage", ["redis:6379", "nowhere://", "redis//127.0.0.1"])
def test_a_storage_that_is_none_is_told(ask, storage):
    with pytest.raises(ValueError, match=f"RATE_LIMIT_STORAGE={storage} is not a storage"):
        ask(rate_limit="1/minute", rate_limit_storage=storage)


def test_a_storage_that_hangs_costs_one_request_a_second_and_is_told(ask, caplog):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        storage = f"redis://127.0.0.1:{silent.getsockname()[1]}"
        hung = {"rate_limit": "2/minute", "rate_limit_storage": storage}
        begin = time.monotonic()
        assert [ask(**hung).status_code for _ in range(3)] == [200, 200, 429]
        assert time.monotonic() - begin < 8  # redis-py's own patience is five for each try
    assert "storage unreachable" in caplog.text


SAME = {
    "ports of a proxy's": ["192.0.2.7", "192.0.2.7:5678", "192.0.2.7:5679"],
    "an IPv6 household": ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "[2001:db8:1:2::1]:443"],
    "IPv4 as IPv6": ["::ffff:192.0.2.8", "192.0.2.8"],
    "no address": ["unknown", "unknown"],
}


@pytest.mark.parametrize("name", SAME)
def test_who_has_many_addresses_is_one_client(ask, name):
    behind = {"rate_limit": "1/minute", "trusted_proxies": 1}
    first, *others = (ask(forwarded=each, **behind).status_code for each in SAME[name])
    assert (first, set(others)) == (200, {429})
    assert ask(forwarded="2001:db8:1:3::1", **behind).status_code == 200


def test_who_asks_over_a_unix_socket_is_limited_too(ask):
    assert [ask("", rate_limit="1/minute").status_code for _ in range(2)] == [200, 429]


def test_other_paths_are_not_limited(classifier):
    client = create_app(Settings(rate_limit="1/minute"), classifier).test_client()
    assert {client.get("/healthz").status_code for _ in range(5)} == {200}


def test_there_is_no_limit_unless_one_is_set(ask):
    response = [ask() for _ in range(5)][-1]
    assert response.status_code == 200
    assert not [name for name, _ in response.headers if name.startswith("RateLimit")]


def test_what_a_client_says_of_its_address_is_not_believed(ask):
    statuses = [ask(forwarded=f"10.0.0.{i}", rate_limit="1/minute").status_code for i in range(2)]
    assert statuses == [200, 429]


def test_what_the_trusted_proxy_says_is_and_nothing_before_it(ask):
    behind = {"rate_limit": "1/minute", "trusted_proxies": 1}
    forwarded = ["192.0.2.7", "192.0.2.8", "10.0.0.1, 192.0.2.8", "10.0.0.2, 192.0.2.9"]
    assert [ask(forwarded=f, **behind).status_code for f in forwarded] == [200, 200, 429, 200]


def test_strict_transport_security_is_asked_for_where_the_trusted_proxy_speaks_tls(classifier):
    for trusted, answer in ((0, None), (1, "max-age=63072000")):
        client = create_app(Settings(trusted_proxies=trusted), classifier).test_client()
        response = client.get("/healthz", headers={"X-Forwarded-Proto": "https"})
        assert response.headers.get("Strict-Transport-Security") == answer


def test_a_scheme_that_a_proxy_passes_on_unread_is_answered(classifier):
    client = create_app(Settings(trusted_proxies=1), classifier).test_client()
    for scheme, status in (("HTTPS", 200), ("gopher", 200), ("wss", 400)):
        response = client.get("/healthz", headers={"X-Forwarded-Proto": scheme})
        assert response.status_code == status
        assert "Content-Security-Policy" in response.headers
        assert ("Strict-Transport-Security" in response.headers) == (scheme == "HTTPS")
