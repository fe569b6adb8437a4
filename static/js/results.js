import { Ease } from "./ease.js";
import { percent, t } from "./language.js";
import { isCorrected } from "./marks.js";
import { inWords } from "./words.js";

const QUIET = 700; // ms without a new answer before the last one is read out
const NOTHING = { digit: null, number: "", digits: [], top: [], steps: [] };

/** Shows a reading: in words, the top three, ten bars and what the network saw. */
export class Results {
  #parts;
  #bars;
  #ease = new Ease((shares) => this.#fillBars(shares));
  #pause = 0;
  #again = () => this.clear();

  constructor(root) {
    const part = (id) => root.querySelector(`#${id}`);
    this.#parts = Object.fromEntries(
      ["nothing", "words", "top", "bars", "which", "seen", "way", "announcement"].map((id) => [id, part(id)]),
    );
    this.#bars = [...this.#parts.bars.children].map((item) => ({
      item,
      fill: item.querySelector(".bar"),
      share: item.querySelector(".share"),
    }));
  }

  /** Show no reading, but the string of this name. */
  clear(name = "nothing") {
    clearTimeout(this.#pause);
    this.#again = () => this.clear(name);
    this.#fill(NOTHING, t(name));
    if (this.#parts.announcement.textContent) this.say(t(name), QUIET);
  }

  show(reading) {
    const words = inWords(reading);
    this.#fill(reading, words);
    const isRead = ["digit", "number", "unsure"].includes(reading.verdict);
    this.say(isRead ? `${words} ${percent(reading.confidence)}` : words, QUIET);
  }

  /**
   * Tell a reading in words as it was corrected; the bars stay those of what was read. Of several rows
   * the one that was, {row, number}, is read out.
   */
  correct(reading, { row, number } = {}) {
    const words = inWords(reading);
    this.#parts.words.textContent = words;
    this.#showTop(reading);
    const isOne = !row || !reading.number.includes("\n");
    this.say(isOne ? words : t("row", { row, number: number || t("leftOut") }), QUIET);
  }

  /** Show the same in another language. */
  retell() {
    this.#again();
  }

  /** Show the bars of one digit of several. */
  choose(reading, place) {
    const one = reading.digits[place];
    this.#show(sharesOf(one), one.verdict === "not_a_digit" ? null : one.digit);
    const { length: count } = reading.digits;
    const which = count > 1 && t("which", { place: place + 1, count });
    const asRead = isCorrected(one) && t("asRead");
    this.#parts.which.textContent = [which, asRead].filter(Boolean).join(" · ");
    this.#showSteps(reading, place);
  }

  /** Read out to those who do not see the page. */
  say(words, after = 0) {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => (this.#parts.announcement.textContent = words), after);
  }

  #fill(reading, words) {
    const { nothing, which } = this.#parts;
    this.#parts.words.textContent = words;
    this.#showTop(reading);
    nothing.hidden = reading.digits.length > 0; // which are shown in its place
    if (nothing.hidden) return;
    which.textContent = "";
    this.#show([], null);
    this.#showSteps(reading, 0);
  }

  #showTop(reading) {
    const { top } = this.#parts;
    const chips = reading.top.map(({ digit }) => chip(digit, sharesOf(reading)[digit]));
    top.hidden = !chips.length;
    top.replaceChildren(...chips);
  }

  #show(shares, likeliest) {
    for (const [digit, { item }] of this.#bars.entries()) {
      item.classList.toggle("likeliest", digit === likeliest);
    }
    this.#ease.to(shares);
  }

  #fillBars(shares) {
    for (const [digit, { fill, share }] of this.#bars.entries()) {
      const value = shares[digit];
      fill.style.scale = `${value ?? 0} 1`;
      share.textContent = value === undefined ? "" : percent(value);
    }
  }

  /** What the network saw of one digit, and the way there as far as it was asked for. */
  #showSteps({ steps }, place) {
    const { seen, way } = this.#parts;
    const show = (figure, name) => {
      const found = steps.filter((step) => step.name === name);
      const step = found[place] ?? (found.length === 1 ? found[0] : undefined);
      figure.hidden = !step;
      if (step) figure.querySelector("img").src = step.image;
    };
    show(seen, "input");
    for (const figure of way.children) show(figure, figure.dataset.step);
  }
}

/** What may be no digit at all fills no bar, however sure it is which one it would be. */
export function sharesOf({ confidence, probabilities }) {
  const certainty = confidence / Math.max(...probabilities);
  return probabilities.map((probability) => probability * certainty);
}

function chip(digit, probability) {
  const item = document.createElement("li");
  item.textContent = t("likely", { digit, share: percent(probability) });
  return item;
}
