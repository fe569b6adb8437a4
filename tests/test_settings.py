import pytest

from settings import Settings


def test_defaults():
    assert Settings.from_environment({}) == Settings()


def test_the_environment_overrides_them():
    settings = Settings.from_environment({"PORT": "8080", "MODEL": "mnist_cnn.h5", "THREADS": ""})
    assert settings == Settings(port=8080, model="mnist_cnn.h5")


def test_there_may_be_no_proxy_but_not_fewer():
    assert Settings.from_environment({"TRUSTED_PROXIES": "0"}).trusted_proxies == 0
    with pytest.raises(ValueError, match="TRUSTED_PROXIES=-1 is not a whole number from 0 up"):
        Settings.from_environment({"TRUSTED_PROXIES": "-1"})


def test_a_port_that_there_is_not_is_told():
    assert Settings.from_environment({"PORT": "65535"}).port == 65_535
    with pytest.raises(ValueError, match="PORT=65536 is not a port: the highest is 65535"):
        Settings.from_environment({"PORT": "65536"})


@pytest.mark.parametrize("text", ["eighty", "0", "-1", "1.5", " "])
def test_a_number_that_is_none_is_named(text):
    with pytest.raises(ValueError, match=f"PORT={text} is not a whole number from 1 up"):
        Settings.from_environment({"PORT": text})
