const PATIENCE = { drawing: 8_000, file: 120_000 }; // ms before a request is given up
const RETRY = 2_000; // ms before the picture is sent again to a server that did not answer

/**
 * Asks the server. At most one request is on its way; while it is, only the newest picture waits,
 * so that the answers follow a drawing that grows. Announces "reading" and "problem" (each with
 * `detail`), never for a picture that was put away.
 */
export class Predictor extends EventTarget {
  /** Which pictures of the way to the answer to ask for. */
  steps = "input";
  #waiting = null;
  #request = null; // {isFile, controller} while one is on its way
  #version = 0;
  #retry = 0;

  /** Read a picture: a File, or a function that makes a data: URL once it is its turn. */
  ask(picture) {
    if (picture instanceof File || this.#request?.isFile) this.forget();
    clearTimeout(this.#retry);
    this.#waiting = picture;
    this.#next();
  }

  /** Want no answer any more. A file on its way is stopped, for it may take minutes. */
  forget() {
    this.#version++;
    this.#waiting = null;
    clearTimeout(this.#retry);
    if (this.#request?.isFile) this.#request.controller.abort();
  }

  async #next() {
    if (this.#request || !this.#waiting) return;
    const [picture, version] = [this.#waiting, this.#version];
    this.#waiting = null;
    this.#request = { isFile: picture instanceof File, controller: new AbortController() };
    const [kind, detail] = await answer(picture, this.steps, this.#request);
    this.#request = null;
    if (version === this.#version) {
      if (kind === "unreachable") this.#retry = setTimeout(() => this.ask(picture), RETRY);
      this.dispatchEvent(new CustomEvent(kind === "reading" ? kind : "problem", { detail }));
    }
    this.#next();
  }
}

/** ["reading", the answer], or ["problem" or "unreachable", words for the person]. */
async function answer(picture, steps, { isFile, controller }) {
  const timer = setTimeout(() => controller.abort(), isFile ? PATIENCE.file : PATIENCE.drawing);
  try {
    const response = await fetch(`predict?steps=${steps}`, {
      method: "POST",
      signal: controller.signal,
      ...(isFile ? asFile(picture) : asJson(picture)),
    });
    if (response.ok) return ["reading", await response.json()];
    const { detail } = await response.json().catch(() => ({}));
    if (response.status < 500) return ["problem", detail ?? "The server refused this picture."];
  } catch {
    // No answer, or none in JSON: told below.
  } finally {
    clearTimeout(timer);
  }
  return ["unreachable", "The server does not answer. Nothing is lost: it is asked again shortly."];
}

function asFile(file) {
  return { body: file, headers: { "Content-Type": "application/octet-stream" } };
}

function asJson(draw) {
  return {
    body: JSON.stringify({ image: draw() }),
    headers: { "Content-Type": "application/json" },
  };
}
