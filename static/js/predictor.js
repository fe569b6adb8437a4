import { send } from "./send.js";

const PATIENCE = { drawing: 8_000, file: 120_000 }; // ms before a request is given up
const SLOW = 1_500; // ms before people are told that the server is slow
const RETRIES = [1_000, 2_000, 4_000, 8_000, 15_000]; // ms before each asking again

/**
 * Asks the server. At most one request is on its way; while it is, only the newest picture waits,
 * so that the answers follow a drawing that grows. Announces "reading", and "problem" {status,
 * words}, the status 0 where there was no answer: then the same is asked again, ever more rarely. On
 * the way, "progress" tells the share that has been sent, "slow" that it takes long. None of them
 * is of a picture that was put away.
 */
export class Predictor extends EventTarget {
  /** Which pictures of the way to the answer to ask for. */
  steps = "input";
  #waiting = null;
  #unanswered = null; // what is asked again
  #request = null; // {isFile, controller} while one is on its way
  #version = 0;
  #retry = 0;
  #failures = 0;

  /** Read a picture: a Blob, or a function that makes a data: URL once it is its turn. */
  ask(picture) {
    this.#failures = 0;
    if (picture instanceof Blob || this.#request?.isFile) this.forget();
    this.#wait(picture);
  }

  /** Want no answer any more. A file on its way is stopped, for it may take minutes. */
  forget() {
    this.#version++;
    this.#waiting = this.#unanswered = null;
    clearTimeout(this.#retry);
    if (this.#request?.isFile) this.#request.controller.abort();
  }

  /** Ask again at once what was not answered. */
  retry() {
    if (this.#unanswered) this.ask(this.#unanswered);
  }

  #wait(picture) {
    clearTimeout(this.#retry);
    this.#unanswered = null;
    this.#waiting = picture;
    this.#next();
  }

  async #next() {
    if (this.#request || !this.#waiting) return;
    const [picture, version] = [this.#waiting, this.#version];
    const announce = (kind, detail) => {
      if (version === this.#version) this.dispatchEvent(new CustomEvent(kind, { detail }));
    };
    this.#waiting = null;
    this.#request = { isFile: picture instanceof Blob, controller: new AbortController() };
    const { status, answer } = await this.#answer(picture, announce);
    this.#request = null;
    const isAnswered = status > 0 && status < 500;
    if (isAnswered) this.#failures = 0;
    else if (version === this.#version && !this.#waiting) this.#askAgain(picture);
    if (status === 200 && answer) announce("reading", answer);
    else announce("problem", { status: isAnswered ? status : 0, words: answer?.detail });
    this.#next();
  }

  async #answer(picture, announce) {
    const { isFile, controller } = this.#request;
    const slow = setTimeout(() => announce("slow"), SLOW);
    const late = setTimeout(() => controller.abort(), isFile ? PATIENCE.file : PATIENCE.drawing);
    try {
      return await send(isFile ? picture : picture(), this.steps, {
        signal: controller.signal,
        progress: (share) => isFile && announce("progress", share),
      });
    } catch {
      return { status: 0 };
    } finally {
      clearTimeout(slow);
      clearTimeout(late);
    }
  }

  #askAgain(picture) {
    const pause = RETRIES[Math.min(this.#failures++, RETRIES.length - 1)];
    this.#unanswered = picture;
    this.#retry = setTimeout(() => this.#wait(picture), pause);
  }
}
