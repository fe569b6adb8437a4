import { t } from "./language.js";
import { TOO_MANY } from "./send.js";

const REFUSALS = {
  400: "refusedAsEmpty",
  413: "refusedAsLarge",
  415: "refusedAsUnknown",
  422: "refusedAsDamaged",
  500: "failed",
};

/** What is under way, and what went wrong. */
export class Messages {
  #error;
  #progress;
  #told = null;
  #waiting = [null];

  constructor(error, progress) {
    [this.#error, this.#progress] = [error, progress];
  }

  /**
   * Say what is wrong: {name, values} of a string, or {status, words} of an answer; either may have
   * other problems as `because`, which are said once each. null: nothing.
   */
  tell(problem) {
    this.#told = problem;
    const problems = problem ? [problem, ...(problem.because ?? [])] : [];
    const words = [...new Set(problems.map(inWords))].join("\n");
    if (words === this.#error.textContent) return; // or it would be read out again
    this.#error.hidden = !problem;
    this.#error.textContent = words;
  }

  /** Say the same in another language. */
  retell() {
    this.tell(this.#told);
    this.wait(...this.#waiting);
  }

  /** Show that the string of this name is under way, of several pictures how far; null: nothing is. */
  wait(name, progress = "") {
    this.#waiting = [name, progress];
    this.#progress.hidden = !name;
    this.#progress.querySelector("progress").removeAttribute("value");
    const words = name && [progress, t(name)].filter(Boolean).join(" · ");
    if (name) this.#progress.querySelector("span").textContent = words;
  }

  /** Show how far it is. */
  progress(share) {
    this.#progress.querySelector("progress").value = share;
  }
}

function inWords({ name, values, status, words }) {
  if (name) return t(name, values);
  if (!status) return t(navigator.onLine ? "unreachable" : "offline");
  if (status === TOO_MANY) return t("tooMany");
  // The server knows more, but says it in English.
  const isEnglish = document.documentElement.lang === "en";
  return isEnglish && words ? words : t(REFUSALS[status] ?? "refused");
}
