import { card } from "./card.js";
import { t } from "./language.js";
import { copy, save } from "./save.js";

const LONGEST = 60_000; // characters of a link; browsers take no end of them, messengers do
const SETTLED = 1_000; // ms without a change before a reading goes into the record; corrected or left, at once

/**
 * Keeps a reading of what lies on the easel: in the record, as a link, as a picture, as JSON. Announces
 * "settled" when one has lain there for a while.
 */
export class Keep extends EventTarget {
  #root;
  #easel;
  #record;
  #reading = null;
  #settling = 0;

  constructor(root, easel, record) {
    super();
    [this.#root, this.#easel, this.#record] = [root, easel, record];
    const on = (id, act) => root.querySelector(`#${id}`).addEventListener("click", act);
    on("link", ({ target }) => this.#copyLink(target));
    on("png", () => this.#savePicture());
    on("json", () => this.#saveJson());
    const settle = () => this.#reading && this.#settle();
    easel.addEventListener("leave", settle);
    addEventListener("pagehide", settle);
  }

  /** Offer to keep this reading of what lies there now; after so many ms it is. */
  show(reading, time = SETTLED) {
    this.#reading = reading;
    this.#root.hidden = false;
    this.#allow(true);
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      this.#settle();
      this.dispatchEvent(new Event("settled"));
    }, time);
  }

  /** It was corrected to this one. */
  correct(reading) {
    if (!this.#reading) return;
    this.show(reading);
    this.#settle(true);
  }

  /** What was read is no longer what lies there. */
  wait() {
    clearTimeout(this.#settling);
    this.#reading = null;
    this.#allow(false);
  }

  hide() {
    this.wait();
    this.#root.hidden = true;
  }

  /** Whether there is a reading of what lies there now. */
  get isOffered() {
    return this.#reading !== null;
  }

  #allow(isRead) {
    for (const button of this.#root.querySelectorAll("button")) button.disabled = !isRead;
    const isPicture = Boolean(this.#easel.file); // a link holds strokes
    for (const id of ["link", "link-help"]) this.#root.querySelector(`#${id}`).hidden = isPicture;
    this.#root.querySelector("#png").disabled ||= !this.#easel.size.width;
  }

  #settle(isCorrected = false) {
    const { number, verdict, confidence } = this.#reading;
    const { id, kept, corrected } = this.#easel;
    if (!kept || verdict === "blank" || (!isCorrected && this.#isAsRecorded(id, kept))) return;
    this.#easel.know(); // before, for the room that it takes itself until then
    const time = this.#record.find(id)?.time ?? Date.now(); // when it was read first
    this.#record.put({ id, time, number, verdict, confidence, corrected, ...kept });
  }

  /** Whether it is as it was recorded; that may have been deleted since. */
  #isAsRecorded(id, { strokes }) {
    const before = this.#record.find(id);
    const isAsBefore = !before || before.strokes === strokes;
    return this.#easel.isKnown && isAsBefore;
  }

  /** Copy the address that holds the strokes, where they are not too many for one. */
  async #copyLink(button) {
    const { origin, pathname } = location;
    const link = `${origin}${pathname}#${this.#easel.kept.strokes}`;
    const isShort = link.length < LONGEST;
    flash(button, isShort ? ((await copy(link)) ? "copied" : "notCopied") : "tooLong");
  }

  #savePicture() {
    const canvas = card(this.#easel.picture, this.#reading);
    canvas.toBlob((blob) => save("reading.png", blob.type, blob));
  }

  #saveJson() {
    const { steps, marks, ...answer } = this.#reading;
    save("reading.json", "application/json", JSON.stringify(answer, null, 2));
  }
}

/** Say on a button, for a moment, what came of it: one of STRINGS. */
export function flash(button, outcome, time = 1_500) {
  button.textContent = t(outcome);
  setTimeout(() => (button.textContent = t(button.dataset.text)), time);
}
