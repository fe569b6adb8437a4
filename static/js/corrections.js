import { isAgain, isCorrected } from "./marks.js";

/** Which marks were corrected, in order: of what is read, and of what lies there, to be undone. */
export class Corrections {
  #marks = []; // wherever they are read again
  #recent = new WeakMap(); // of what lay there, those that were corrected while it did
  #undone = new WeakMap(); // the same, {mark, value} of those that were undone since
  #lying = {}; // what lies there

  /** Now this lies there, the same object whenever it does; or something new, `isNewest`. */
  begin(lying, isNewest) {
    if (isNewest && lying !== this.#lying) this.#undone.delete(this.#lying);
    this.#lying = lying;
  }

  /** What was corrected is not that of what is read from now on. */
  forget() {
    this.#marks = [];
  }

  /** Marks that are read anew are what they were corrected to. One may miss where `isDrawing`. */
  recall(marks, isDrawing) {
    for (const mark of marks) {
      mark.corrected ??= this.#marks.find((other) => isAgain(mark, other))?.corrected;
    }
    const isGone = (other) => !marks.some((mark) => isAgain(mark, other));
    const gone = isDrawing ? this.#marks.filter(isGone) : [];
    this.#marks = [...gone, ...marks.filter(isCorrected)];
  }

  /** Correct one of the marks to a value; to undefined, take that back. */
  correct(mark, value, marks) {
    mark.corrected = value;
    const isOther = (other) => other !== mark && (marks.includes(other) || !isAgain(mark, other));
    const change = (some = []) => [...some.filter(isOther), ...(value === undefined ? [] : [mark])];
    this.#marks = change(this.#marks);
    this.#recent.set(this.#lying, change(this.#recent.get(this.#lying)));
    this.#undone.delete(this.#lying);
  }

  /** Take the correction of one of the marks back, so that it can be redone. */
  undo(mark, marks) {
    const undone = [...this.#undoneHere, { mark, value: mark.corrected }];
    this.correct(mark, undefined, marks);
    this.#undone.set(this.#lying, undone);
  }

  get canRedo() {
    return this.#undoneHere.length > 0;
  }

  /** Correct the mark again that was undone last, if it is among them. Returns it, or null. */
  redo(marks) {
    const undone = [...this.#undoneHere];
    const { mark, value } = undone.pop() ?? {};
    const found = again(mark, marks);
    if (!found) return null;
    this.correct(found, value, marks);
    this.#undone.set(this.#lying, undone);
    return found;
  }

  get #undoneHere() {
    return this.#undone.get(this.#lying) ?? [];
  }

  /** The one of the marks that was corrected last, if that is among them; or null. */
  last(marks) {
    return lastOf(this.#marks, marks);
  }

  /** The same of those that were corrected while this lay there. */
  lastHere(marks) {
    return lastOf(this.#recent.get(this.#lying) ?? [], marks);
  }
}

function lastOf(corrected, marks) {
  const found = again(corrected.at(-1), marks);
  return found && isCorrected(found) ? found : null; // or it was taken back in its cell since
}

/** A mark among those that were read, maybe anew; or undefined. */
function again(mark, marks) {
  return marks.includes(mark) ? mark : marks.find((other) => isAgain(other, mark));
}
