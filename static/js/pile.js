import { newId } from "./drawing.js";

const MOST = 20; // pictures at once: about as many as the record has room for
const LOOK = 1_200; // ms for which a refusal can be read

/**
 * Pictures that were brought at once, taken one after the other. Announces "end" when those of several
 * are through, with those that were not read, or not kept, as `detail`: {name, because}, the problem
 * if it is known.
 */
export class Pile extends EventTarget {
  #take;
  #isKept;
  #pictures = [];
  #place = 0; // of the next one
  #failed = [];
  #look = 0;
  #id = null; // on the easel, of the one that was taken last

  /** take: lays a File on the easel, under an id. isKept: whether a reading of that id is kept. */
  constructor(take, isKept) {
    super();
    [this.#take, this.#isKept] = [take, isKept];
  }

  /** Take these; after those that wait, where there are some. */
  lay(pictures) {
    const isRunning = this.#pictures.length > 1;
    if (!isRunning) this.#end();
    this.#pictures.push(...pictures.slice(0, MOST));
    const because = { name: "mostAtOnce", values: { most: MOST } };
    this.#failed.push(...pictures.slice(MOST).map(({ name }) => ({ name, because })));
    if (!isRunning) this.#next();
  }

  /** "2/5", while there are several. */
  get progress() {
    const { length } = this.#pictures;
    return length > 1 ? `${this.#place}/${length}` : "";
  }

  /** Whether others wait for the one that was taken. */
  get hasMore() {
    return this.#place < this.#pictures.length;
  }

  /** Something with this id was laid on the easel: if not by the pile, that is put away. */
  lies(id) {
    if (id !== this.#id) this.stop();
  }

  /** What has this id was read, but for a problem: the next one's turn, if it was the pile's. */
  read(id, problem) {
    if (id !== this.#id) return;
    if (!this.#isKept(id)) this.#fail(problem);
    this.#next();
  }

  /** The picture that was taken was refused, because of a problem. */
  refuse(problem) {
    if (!this.progress || this.#id === null) return;
    this.#fail(problem);
    this.#id = null;
    this.#look = setTimeout(() => this.#next(), LOOK);
  }

  /** Take no more of them, nor wait for the one that was taken; it may be kept already. */
  stop() {
    const isDone = this.#id === null || this.#isKept(this.#id);
    const first = isDone ? this.#place : this.#place - 1;
    this.#failed.push(...this.#pictures.slice(first).map(({ name }) => ({ name })));
    this.#end();
  }

  #fail(because) {
    this.#failed.push({ name: this.#pictures[this.#place - 1].name, because });
  }

  #next() {
    if (this.#place === this.#pictures.length) return this.#end();
    this.#id = newId();
    this.#take(this.#pictures[this.#place++], this.#id);
  }

  #end() {
    const isSeveral = this.#pictures.length > 1;
    clearTimeout(this.#look);
    const failed = this.#failed;
    [this.#pictures, this.#place, this.#failed, this.#id] = [[], 0, [], null];
    if (isSeveral) this.dispatchEvent(new CustomEvent("end", { detail: failed }));
  }
}
