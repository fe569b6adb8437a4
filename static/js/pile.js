const MOST = 20; // pictures at once: about as many as the record has room for
const LOOK = 1_200; // ms for which a refusal can be read

/**
 * Pictures that were brought at once, taken one after the other: the next when `next` says that the
 * last was read, or `fail` that it was not. Announces "end" with {left, failed} as `detail`: how many
 * were too many, and the names of those that were not read.
 */
export class Pile extends EventTarget {
  #take;
  #pictures = [];
  #place = 0; // of the next one
  #left = 0;
  #failed = [];

  constructor(take) {
    super();
    this.#take = take;
  }

  lay(pictures) {
    this.#pictures = pictures.slice(0, MOST);
    this.#left = pictures.length - this.#pictures.length;
    this.#failed = [];
    this.#place = 0;
    this.next();
  }

  clear() {
    this.#pictures = [];
    this.#place = 0;
  }

  /** "2/5", where there are several. */
  get progress() {
    return this.#pictures.length > 1 ? `${this.#place}/${this.#pictures.length}` : "";
  }

  next() {
    if (this.#place < this.#pictures.length) return this.#take(this.#pictures[this.#place++]);
    const isPile = this.#pictures.length > 1;
    this.clear();
    const detail = { left: this.#left, failed: this.#failed };
    if (isPile) this.dispatchEvent(new CustomEvent("end", { detail }));
  }

  fail() {
    if (this.#pictures.length < 2) return;
    this.#failed.push(this.#pictures[this.#place - 1].name);
    const pictures = this.#pictures;
    setTimeout(() => pictures === this.#pictures && this.next(), LOOK);
  }
}
