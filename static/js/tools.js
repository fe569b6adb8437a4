import { stepOf } from "./cell.js";

/** The tools beside the pad, and their keys. */
export class Tools {
  #drawing;
  #pad;
  #easel;
  #number;
  #parts;

  constructor(root, drawing, pad, easel, number) {
    [this.#drawing, this.#pad, this.#easel, this.#number] = [drawing, pad, easel, number];
    const names = ["undo", "redo", "clear", "eraser", "size"];
    this.#parts = Object.fromEntries(names.map((name) => [name, root.querySelector(`#${name}`)]));
    const { undo, redo, clear, eraser, size } = this.#parts;
    undo.addEventListener("click", () => this.#undo());
    redo.addEventListener("click", () => this.#redo());
    clear.addEventListener("click", () => drawing.clear());
    size.addEventListener("input", () => (pad.pen = { ...pad.pen, width: size.value / 100 }));
    eraser.addEventListener("click", () => this.#erase(!pad.pen.erases));
    document.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Offer what can be done, as things stand. */
  refresh() {
    const { undo, redo, clear, eraser, size } = this.#parts;
    undo.disabled = !this.#drawing.canUndo;
    redo.disabled = !this.#number.canRedo && !this.#drawing.canRedo;
    clear.disabled = this.#easel.isEmpty;
    eraser.disabled = this.#easel.isEmpty || Boolean(this.#easel.file);
    size.disabled = Boolean(this.#easel.file);
    if (eraser.disabled) this.#erase(false);
  }

  /** Take back what was done last, be it a correction. */
  #undo() {
    this.#number.undo() || this.#drawing.undo();
  }

  #redo() {
    this.#number.redo() || this.#drawing.redo();
  }

  #erase(erases) {
    this.#pad.pen = { ...this.#pad.pen, erases };
    this.#parts.eraser.ariaPressed = erases;
  }

  #key(event) {
    if (event.target.matches("input:not([type=range])")) return; // it has an undo of its own
    const step = stepOf(event);
    if (!step) return;
    event.preventDefault();
    step === "undo" ? this.#undo() : this.#redo();
  }
}
