"""Every setting: its environment variable is its name in capitals."""

import os
from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Settings:
    host: str = "0.0.0.0"  # address to listen on
    port: int = 5000  # port to listen on
    model: str = "mnist_cnn.tflite"  # network to serve
    max_bytes: int = 10_000_000  # largest request, in bytes
    max_pixels: int = 50_000_000  # largest picture, in pixels
    max_images: int = 64  # most images in one request
    web_concurrency: int = 2  # worker processes
    threads: int = 4  # threads in each worker

    @classmethod
    def from_environment(cls, environment=os.environ):
        """Read them; raises ValueError, naming the variable, where a number is not one."""
        given = {}
        for field in fields(cls):
            text = environment.get(field.name.upper())
            if text is None or text == "":
                continue
            try:
                given[field.name] = field.type(text)
            except ValueError as error:
                raise ValueError(f"{field.name.upper()}={text} is not a whole number.") from error
        return cls(**given)
