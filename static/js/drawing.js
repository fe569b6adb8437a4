const MOST_STATES = 300; // steps that can be undone

/**
 * The strokes and how they came to be: a list of states, of which one is now. A state has strokes,
 * the `id` of the drawing they belong to, and whether they are borrowed: from a link, an example or
 * the record; known: recorded, and not changed since; or earlier: from another visit, and so maybe
 * in another tab too; and how its marks were corrected. A picture may lie over them, of which this is
 * told instead: {file, id, isKnown, held, corrected}. Announces "change" after every change, with
 * `detail` {grown, isOther}: the stroke that only grew, if one did, and whether something else lies
 * there than before and a few more strokes; "leave" before something with another id is laid there;
 * and "rest" when the pen is lifted.
 */
export class Drawing extends EventTarget {
  #states = [{ id: newId(), strokes: [] }];
  #at = 0;
  #current = null; // the stroke being drawn
  #undone = []; // the states that it put an end to

  get #state() {
    return this.#states[this.#at];
  }

  get strokes() {
    return this.#state.strokes;
  }

  /** The picture over the strokes, or null. */
  get picture() {
    return this.#state.picture ?? null;
  }

  get id() {
    return this.#state.id;
  }

  get isBorrowed() {
    return Boolean(this.#state.isBorrowed);
  }

  get isKnown() {
    return Boolean(this.#state.isKnown);
  }

  get isDrawing() {
    return this.#current !== null;
  }

  get canUndo() {
    return this.#at > 0;
  }

  get canRedo() {
    return Boolean(this.ahead);
  }

  /** What a redo would lay there, the same object whenever it would; or undefined. */
  get ahead() {
    return this.#states[this.#at + 1];
  }

  /** Put a pen down: {width, erases}, at {x, y, weight}. */
  begin(pen, point) {
    this.#current = { ...pen, points: [point] };
    const isOwn = this.strokes.length && !this.isBorrowed && !this.#state.isEarlier;
    const id = isOwn ? this.id : newId();
    this.#push({ id, strokes: [...this.strokes, this.#current] });
    this.#announce({ isOther: false });
  }

  /** Draw on, while the pen is down. */
  extend(...points) {
    if (!this.isDrawing) return;
    for (const point of points) this.#current.points.push(point);
    this.#announce({ grown: this.#current, isOther: false });
  }

  /** Lift the pen. */
  end() {
    if (!this.isDrawing) return;
    this.#current = null;
    this.dispatchEvent(new Event("rest"));
  }

  /** Lift the pen as if it had not been put down: a second finger came, and it is a pinch. */
  cancel() {
    if (!this.isDrawing) return;
    this.#current = null;
    this.#states.splice(this.#at, 1, ...this.#undone);
    this.#at--;
    this.#announce({ isOther: true });
  }

  /** Take back the last step, even a stroke that is being drawn. */
  undo() {
    this.#move(-1, this.canUndo);
  }

  redo() {
    this.#move(1, this.canRedo);
  }

  clear() {
    this.#replace({ id: newId(), strokes: [] });
  }

  /** Nothing is left of the strokes: the eraser's last one cleared the pad. */
  rubOut() {
    this.#states[this.#at] = { id: newId(), strokes: [] };
    this.#announce({ isOther: true });
  }

  /** Put borrowed strokes in the place of all, a step that can be undone; with an id, known ones. */
  borrow(strokes, id) {
    this.#replace({ id: id ?? newId(), strokes, isBorrowed: true, isKnown: Boolean(id) });
  }

  /** Lay there again what lay there before strokes were borrowed. */
  giveBack() {
    while (this.isBorrowed && this.canUndo) this.#at--;
    this.#announce({ isOther: true });
  }

  /** Put one's own strokes there again, in the beginning; they can be undone one by one. */
  restore(strokes, id, isKnown) {
    const whole = { id: id ?? newId(), strokes, isKnown, isEarlier: true };
    for (const count of strokes.slice(1).keys()) {
      this.#push({ ...whole, strokes: strokes.slice(0, count + 1), isKnown: false });
    }
    this.#replace(whole);
  }

  /** Lay a picture over the strokes, or with null put away the one that is. */
  cover(picture) {
    if (picture || this.picture) this.#change({ ...this.#state, picture });
  }

  /** What lies there: the picture, or else the state of the strokes. */
  get shown() {
    return this.picture ?? this.#state;
  }

  /** What lies there was recorded. */
  know() {
    this.shown.isKnown = true;
  }

  /** The marks of what lies there as they were corrected, and undefined for the others. */
  get corrected() {
    return this.shown.corrected;
  }

  /** Remember that; where it is corrected `anew`, what was before on the way here is outdated. */
  correct(marks, isAnew) {
    for (const state of isAnew ? this.#states : []) {
      if (state.id === this.shown.id) delete state.corrected;
    }
    this.shown.corrected = marks;
  }

  #replace(state) {
    if (state.strokes.length || this.strokes.length || this.picture) this.#change(state);
  }

  #change(state) {
    if ((state.picture ?? state).id !== this.shown.id) this.dispatchEvent(new Event("leave"));
    this.#current = null;
    this.#push(state);
    this.#announce({ isOther: true });
  }

  #move(step, isPossible) {
    this.#current = null;
    if (!isPossible) return;
    this.#at += step;
    this.#announce({ isOther: true });
  }

  #push(state) {
    this.#undone = this.#states.splice(this.#at + 1, Infinity, state);
    if (this.#states.length > MOST_STATES) this.#states.shift();
    this.#at = this.#states.length - 1;
  }

  #announce({ grown = null, isOther }) {
    this.dispatchEvent(new CustomEvent("change", { detail: { grown, isOther } }));
  }
}

let last = 0;

/** The time, and never the same twice. */
export function newId() {
  return (last = Math.max(last + 1, Date.now()));
}
