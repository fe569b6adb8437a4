import { isolate, t } from "./language.js";
import { TOO_MANY } from "./send.js";

const REFUSALS = { // of files
  400: "refusedAsEmpty",
  413: "refusedAsLarge",
  415: "refusedAsUnknown",
  422: "refusedAsDamaged",
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
   * Say what is wrong: {name, values} of a string, or a predictor's problem; of some files, as
   * a Pile's, `failed`. null: nothing.
   */
  tell(problem) {
    this.#told = problem;
    const lines = linesOf(problem?.failed ?? []);
    const words = problem ? [inWords(problem), ...lines].join(lines.length > 1 ? "\n" : " ") : "";
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
    const bar = this.#progress.querySelector("progress");
    bar.removeAttribute("value");
    bar.hidden = name === "waiting"; // for who reads this
    const words = name && [progress, t(name)].filter(Boolean).join(" · ");
    if (name) this.#progress.querySelector("span").textContent = words;
  }

  /** Show how far it is. */
  progress(share) {
    this.#progress.querySelector("progress").value = share;
  }
}

/** The names of files, and why: those together of which that is the same, or not known. */
function linesOf(failed) {
  const reasons = failed.map(({ because }) => (because ? inWords(because) : ""));
  return [...new Set(reasons)].map((reason) => {
    const names = failed.filter((_, place) => reasons[place] === reason).map(({ name }) => isolate(name));
    const together = names.join(t("comma"));
    return reason ? t("because", { names: together, reason }) : together;
  });
}

/** What is wrong, in a sentence. */
export function inWords({ name, values, status, words, isFile }) {
  if (name) return t(name, values);
  if (!status) return t(navigator.onLine ? "unreachable" : "offline");
  if (status === TOO_MANY) return t("tooMany");
  // The server knows more, but says it in English.
  const isEnglish = document.documentElement.lang === "en";
  if (isEnglish && words) return words;
  return t(status === 500 ? "failed" : ((isFile && REFUSALS[status]) || "refused"));
}
