import { isAgain, isCorrected } from "./marks.js";

/** Which marks were corrected, in order: of what is read, and of what lies there, to be undone. */
export class Corrections {
  #marks = []; // wherever they are read again
  #recent = new WeakMap(); // of what lay there, those that were corrected while it did
  #undone = new WeakMap(); // of what lay there, {mark, value} of those undone, and what was ahead then
  #lying = {}; // what lies there
  #ahead; // what a redo would lay there

  /** Now this lies there, and a redo would lay that there: the same objects whenever they do. */
  begin(lying, ahead) {
    [this.#lying, this.#ahead] = [lying, ahead];
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

  /** Correct one of the marks to a value; to undefined, take that back. Nothing is redone then. */
  correct(mark, value, marks) {
    this.#set(mark, value, marks);
    this.#undone = new WeakMap();
  }

  #set(mark, value, marks) {
    mark.corrected = value;
    const isOther = (other) => other !== mark && (marks.includes(other) || !isAgain(mark, other));
    const change = (some = []) => [...some.filter(isOther), ...(value === undefined ? [] : [mark])];
    this.#marks = change(this.#marks);
    this.#recent.set(this.#lying, change(this.#recent.get(this.#lying)));
  }

  /** Take the correction of one of the marks back, so that it can be redone. */
  undo(mark, marks) {
    this.#undoneHere = [...this.#undoneHere, { mark, value: mark.corrected }];
    this.#set(mark, undefined, marks);
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
    this.#set(found, value, marks);
    this.#undoneHere = undone;
    return found;
  }

  /** Outdated where one has gone on in another way since. */
  get #undoneHere() {
    const { list, ahead } = this.#undone.get(this.#lying) ?? {};
    return list && ahead === this.#ahead ? list : [];
  }

  set #undoneHere(list) {
    this.#undone.set(this.#lying, { list, ahead: this.#ahead });
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
