"""The page at /, that for people who write scripts, and the service worker that keeps both."""

import hashlib
import mimetypes
from pathlib import Path

from flask import Blueprint, Response, current_app, render_template, request, url_for

from digits.openapi import document

mimetypes.add_type("text/javascript", ".js")  # a machine's own table may say otherwise
mimetypes.add_type("application/manifest+json", ".webmanifest")


def create_page(settings):
    """The blueprint of /, /sw.js and /docs; the files they name are the app's static ones."""
    page = Blueprint("page", __name__)
    contract = document(settings)

    @page.get("/")
    def index():
        return to_be_asked_for(render_index(), "text/html", version_of(files()))

    @page.get("/sw.js")
    def service_worker():
        kept = files()
        script = render_template("sw.js", paths=[*kept], version=version_of(kept))
        return to_be_asked_for(script, "text/javascript")

    @page.get("/docs", strict_slashes=False)
    def docs():
        return to_be_asked_for(render_docs(), "text/html", version_of(files()))

    def files():
        pages = {
            url_for("page.index"): render_index().encode(),
            url_for("page.docs"): render_docs().encode(),
        }
        return pages | static_files()

    def render_index():
        scripts = [name for name in static_names() if name.startswith("js/")]
        return render_template("index.html", max_bytes=settings.max_bytes, scripts=scripts)

    def render_docs():
        return render_template("docs.html", contract=contract)

    return page


def static_files():
    """The content of each static file, by its path on the server."""
    folder = Path(current_app.static_folder)
    return {
        url_for("static", filename=name): (folder / name).read_bytes() for name in static_names()
    }


def static_names():
    folder = Path(current_app.static_folder)
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def version_of(files):
    """A name for these contents, another for any others."""
    digests = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
    return hashlib.sha256(repr(digests).encode()).hexdigest()[:12]


def to_be_asked_for(text, mimetype, version=None):
    """A response that a browser keeps, but asks each time whether it, or its version, holds."""
    response = Response(text, mimetype=mimetype)
    response.cache_control.no_cache = True
    response.set_etag(version) if version else response.add_etag()
    return response.make_conditional(request)
