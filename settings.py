"""Every setting: its environment variable is its name in capitals."""

import os
from dataclasses import dataclass, fields

LAST_PORT = 65_535


@dataclass(frozen=True)
class Settings:
    address: str = "0.0.0.0"  # network address to listen on
    port: int = 5000  # port to listen on
    model: str = "mnist_cnn.tflite"  # network to serve
    max_bytes: int = 10_000_000  # largest request, in bytes
    max_pixels: int = 25_000_000  # most pixels in one request
    max_images: int = 64  # most images in one request
    max_time: int = 10  # seconds that one request is read: images left then are refused
    web_concurrency: int = 2  # worker processes
    threads: int = 32  # threads in each worker
    max_queue: int = 16  # requests that a worker has taken and not answered
    max_wait: int = 5  # seconds: no more are taken while these are expected to take longer
    rate_limit: str = "none"  # requests that a client may send to /predict
    rate_limit_storage: str = "memory://"  # where they are counted
    trusted_proxies: int = 0  # proxies in front whose X-Forwarded-For and -Proto are believed
    metrics: int = 0  # whether /metrics tells
    cors_origins: str = "none"  # sites whose scripts may ask

    @classmethod
    def from_environment(cls, environment=os.environ):
        """Read them; raises ValueError, naming the variable, where a number is not one."""
        given = {}
        for field in fields(cls):
            name = field.name.upper()
            text = environment.get(name)
            if not text:
                continue
            least = field.default and 1
            if field.type is int and (not text.isdecimal() or int(text) < least):
                raise ValueError(f"{name}={text} is not a whole number from {least} up.")
            if name == "PORT" and int(text) > LAST_PORT:
                raise ValueError(f"{name}={text} is not a port: the highest is {LAST_PORT}.")
            given[field.name] = field.type(text)
        return cls(**given)
