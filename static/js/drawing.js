const MOST_STATES = 300; // steps that can be undone

/**
 * The strokes and how they came to be: a list of states, each a list of strokes, of which one is
 * now. Announces "change" after every change; its `detail` is the stroke that only grew, if one did.
 */
export class Drawing extends EventTarget {
  #states = [[]];
  #at = 0;
  #current = null; // the stroke being drawn

  get strokes() {
    return this.#states[this.#at];
  }

  get isDrawing() {
    return this.#current !== null;
  }

  get canUndo() {
    return this.#at > 0;
  }

  get canRedo() {
    return this.#at < this.#states.length - 1;
  }

  /** Put a pen down: {width, erases}, at {x, y, weight}. */
  begin(pen, point) {
    this.#current = { ...pen, points: [point] };
    this.#push([...this.strokes, this.#current]);
  }

  /** Draw on, while the pen is down. */
  extend(...points) {
    if (!this.isDrawing) return;
    this.#current.points.push(...points);
    this.#announce(this.#current);
  }

  /** Lift the pen. */
  end() {
    if (!this.isDrawing) return;
    this.#current = null;
    this.#announce();
  }

  /** Lift the pen as if it had not been put down: a second finger came, and it is a pinch. */
  cancel() {
    if (!this.isDrawing) return;
    this.#current = null;
    this.#states.length = this.#at--;
    this.#announce();
  }

  /** Take back the last step, even a stroke that is being drawn. */
  undo() {
    this.#move(-1, this.canUndo);
  }

  redo() {
    this.#move(1, this.canRedo);
  }

  clear() {
    this.load([]);
  }

  /** Put these strokes in the place of all; a step that can be undone. */
  load(strokes) {
    this.#current = null;
    if (strokes.length || this.strokes.length) this.#push(strokes);
  }

  #move(step, isPossible) {
    this.#current = null;
    if (!isPossible) return;
    this.#at += step;
    this.#announce();
  }

  #push(strokes) {
    this.#states.splice(this.#at + 1, Infinity, strokes);
    if (this.#states.length > MOST_STATES) this.#states.shift();
    this.#at = this.#states.length - 1;
    this.#announce();
  }

  #announce(grown = null) {
    this.dispatchEvent(new CustomEvent("change", { detail: grown }));
  }
}
