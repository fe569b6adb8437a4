const PATIENCE = 8000; // ms before a request is given up
const RETRY = 2000; // ms before the newest picture is sent again to a server that did not answer

/**
 * Asks the server. At most one request is on its way; while it is, only the newest picture waits.
 * Announces "reading" and "problem" (each with `detail`), never for a picture that is stale.
 */
export class Predictor extends EventTarget {
  #waiting = null;
  #busy = false;
  #version = 0;
  #retry = 0;

  /** Read a picture: a File, or a function that makes a data: URL once it is its turn. */
  ask(picture) {
    this.#version++;
    this.#waiting = picture;
    this.#next();
  }

  /** Want no answer any more. */
  forget() {
    this.#version++;
    this.#waiting = null;
    clearTimeout(this.#retry);
  }

  async #next() {
    if (this.#busy || !this.#waiting) return;
    clearTimeout(this.#retry);
    const [picture, version] = [this.#waiting, this.#version];
    this.#waiting = null;
    this.#busy = true;
    const [kind, detail] = await answer(picture);
    this.#busy = false;
    if (version === this.#version) {
      if (kind === "unreachable") this.#retry = setTimeout(() => this.ask(picture), RETRY);
      this.dispatchEvent(new CustomEvent(kind === "reading" ? kind : "problem", { detail }));
    }
    this.#next();
  }
}

/** ["reading", the answer], or ["problem" or "unreachable", words for the person]. */
async function answer(picture) {
  try {
    const response = await fetch("predict?steps=1", {
      method: "POST",
      signal: AbortSignal.timeout(PATIENCE),
      ...body(picture),
    });
    const fields = await response.json();
    return response.ok ? ["reading", fields] : ["problem", fields.detail];
  } catch {
    return ["unreachable", "The server does not answer. Your drawing is kept, and is sent again shortly."];
  }
}

function body(picture) {
  if (picture instanceof File) {
    return { body: picture, headers: { "Content-Type": picture.type || "application/octet-stream" } };
  }
  return {
    body: JSON.stringify({ image: picture() }),
    headers: { "Content-Type": "application/json" },
  };
}
