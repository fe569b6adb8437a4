import { send, TOO_MANY } from "./send.js";

const PATIENCE = { drawing: 8_000, file: 120_000 }; // ms before a request is given up
const SLOW = 1_500; // ms, once a file is sent, before people are told that the server is slow
const RETRIES = [1_000, 2_000, 4_000, 8_000, 15_000]; // ms before each asking again, at least
const REST = 60; // s, at most, for which a server is left alone that wants to be

/**
 * Asks the server. At most one request is on its way; while it is, only the newest picture waits,
 * so that the answers follow a drawing that grows. Announces "reading" {answer, isNewest}, and
 * "problem" {status, words, isFile, isFinal}, the status 0 where the server was not to be reached: then, and
 * where too much was asked, the same, or what it has grown to, is asked again, ever more rarely; and
 * what comes in its place at once. On the way, "ask" tells that a picture is sent, "progress" the
 * share of a file that has been, "slow" that it takes long. None of them is of a picture that was put
 * away.
 */
export class Predictor extends EventTarget {
  /** Which pictures of the way to the answer to ask for. */
  steps = "input";
  #waiting = null;
  #request = null; // {isFile, controller} while one is on its way
  #version = 0;
  #retry = 0; // the timer, while the server is not to be asked
  #failures = 0;

  /**
   * Read a picture: a Blob, or a function that makes one once it is its turn: {image, onPad}, a data:
   * URL, and a function of each box of the answer.
   */
  ask(picture) {
    if (picture instanceof Blob || this.#request?.isFile) this.forget();
    this.#waiting = picture;
    this.#next();
  }

  /** Want no answer any more. A file on its way is stopped, for it may take minutes. */
  forget() {
    this.#version++;
    this.#waiting = null;
    this.#pause(0); // what comes instead is tried at once
    if (this.#request?.isFile) this.#request.controller.abort();
  }

  /** Ask at once what waits for the server to be back. */
  retry() {
    this.#failures = 0;
    this.#pause(0);
    this.#next();
  }

  async #next() {
    if (this.#request || this.#retry || !this.#waiting) return;
    const [picture, version] = [this.#waiting, this.#version];
    const announce = (kind, detail) => {
      if (version === this.#version) this.dispatchEvent(new CustomEvent(kind, { detail }));
    };
    this.#waiting = null;
    const isFile = picture instanceof Blob;
    this.#request = { isFile, controller: new AbortController() };
    announce("ask");
    const { status, answer, rest } = await this.#answer(picture, announce);
    this.#request = null;
    const isFinal = status > 0 && status !== TOO_MANY;
    if (isFinal) this.#failures = 0;
    else if (version === this.#version) this.#askAgain(picture, rest);
    if (status === 200) announce("reading", { answer, isNewest: !this.#waiting });
    else announce("problem", { status, words: answer?.detail, isFile, isFinal });
    this.#next();
  }

  async #answer(picture, announce) {
    const { isFile, controller } = this.#request;
    const isSlow = () => setTimeout(() => announce("slow"), SLOW);
    let slow = isFile ? 0 : isSlow();
    const late = setTimeout(() => controller.abort(), isFile ? PATIENCE.file : PATIENCE.drawing);
    try {
      const { image, onPad = (box) => box } = isFile ? { image: picture } : picture();
      const { status, answer, rest } = await send(image, this.steps, {
        signal: controller.signal,
        progress: (share) => {
          if (!isFile) return;
          announce("progress", share);
          if (share === 1) slow = isSlow();
        },
      });
      for (const digit of answer?.digits ?? []) digit.box = onPad(digit.box);
      return { status, answer, rest };
    } catch {
      return { status: 0, rest: 0 };
    } finally {
      clearTimeout(slow);
      clearTimeout(late);
    }
  }

  #askAgain(picture, rest) {
    this.#waiting ??= picture;
    const retry = RETRIES[Math.min(this.#failures++, RETRIES.length - 1)];
    this.#pause(Math.max(retry, 1_000 * Math.min(rest, REST)));
  }

  /** Ask nothing for so many ms. */
  #pause(time) {
    clearTimeout(this.#retry);
    this.#retry = time && setTimeout(() => {
      this.#retry = 0;
      this.#next();
    }, time);
  }
}
