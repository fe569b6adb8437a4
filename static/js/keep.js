import { card } from "./card.js";
import { t } from "./language.js";
import { copy, save } from "./save.js";

const SETTLED = 1_000; // ms without a change before a reading goes into the record

/** Keeps a reading of what lies on the easel: in the record, as a link, as a picture, as JSON. */
export class Keep {
  #root;
  #easel;
  #record;
  #reading = null;
  #settling = 0;

  constructor(root, easel, record) {
    [this.#root, this.#easel, this.#record] = [root, easel, record];
    const on = (id, act) => root.querySelector(`#${id}`).addEventListener("click", act);
    on("link", ({ target }) => this.#copyLink(target));
    on("png", () => this.#savePicture());
    on("json", () => this.#saveJson());
  }

  /** Offer to keep this reading; null: none. */
  show(reading) {
    this.#reading = reading;
    this.#root.hidden = !reading;
    this.#root.querySelector("#link").disabled = Boolean(this.#easel.file);
    clearTimeout(this.#settling);
    if (reading) this.#settling = setTimeout(() => this.#settle(), SETTLED);
  }

  /** What lies there is no longer what was read. */
  wait() {
    clearTimeout(this.#settling);
  }

  #settle() {
    const { number, verdict, confidence } = this.#reading;
    const { id, kept } = this.#easel;
    if (kept) this.#record.put({ id, time: Date.now(), number, verdict, confidence, ...kept });
  }

  async #copyLink(button) {
    const { origin, pathname } = location;
    const isCopied = await copy(`${origin}${pathname}#${this.#easel.kept.strokes}`);
    flash(button, isCopied);
  }

  #savePicture() {
    const canvas = card(this.#easel.picture, this.#reading);
    canvas.toBlob((blob) => save("reading.png", blob.type, blob));
  }

  #saveJson() {
    const { steps, ...answer } = this.#reading;
    save("reading.json", "application/json", JSON.stringify(answer, null, 2));
  }
}

/** Say on a button, for a moment, what came of it. */
export function flash(button, isCopied) {
  button.textContent = t(isCopied ? "copied" : "notCopied");
  setTimeout(() => (button.textContent = t(button.dataset.text)), 1_500);
}
