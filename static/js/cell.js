import { typed } from "./typed.js";

const LONGEST = 4; // characters in a cell

/**
 * A field that takes a digit, a sign or a few of them, in which a click chooses all and a second one
 * puts the caret beside it. Calls `on`: `choose()` when it is pointed at; `take(value)` with what was
 * typed, which returns the field where one types on, if any; `refuse(most)` where it takes none of
 * it, or not so much; `takeBack()` when what it says is deleted; `undo()` and `redo()`; `step(by)`, to
 * the field before or behind, and `cross(by)`, above or below, which returns one if there is. All but
 * `choose`, `step` and `cross` leave in it what it is to say.
 */
export function makeCell(on) {
  const cell = document.createElement("input");
  cell.inputMode = "decimal";
  cell.autocomplete = "off";
  let clicks = 0; // since it has the focus
  cell.addEventListener("focus", () => {
    clicks = 0;
    queueMicrotask(() => cell.select()); // the browser puts the caret somewhere first
    on.choose();
  });
  cell.addEventListener("pointerenter", on.choose);
  cell.addEventListener("mousedown", (event) => {
    if (clicks === 0 && document.activeElement === cell) event.preventDefault();
  });
  cell.addEventListener("mouseup", (event) => {
    if (clicks === 0) event.preventDefault(); // or WebKit puts the caret there, after the click
  });
  cell.addEventListener("click", ({ offsetX }) => {
    if (clicks++ === 0) cell.select();
    else if (isWhole(cell)) putCaret(cell, offsetX);
  });
  cell.addEventListener("dblclick", ({ offsetX }) => putCaret(cell, offsetX));
  cell.addEventListener("keydown", (event) => {
    const { key } = event;
    const step = stepOf(event);
    if (step) {
      event.preventDefault(); // the browser's own knows nothing of it
      return on[step]();
    }
    const isDeleting = key === "Backspace" || key === "Delete";
    if (isDeleting && (isWhole(cell) || cell.value.length === 1)) {
      event.preventDefault(); // wherever in the cell the caret is
      on.takeBack();
      cell.select();
    }
    const down = { ArrowUp: -1, ArrowDown: 1 }[key];
    if (down && on.cross(down)) return event.preventDefault();
    const by = { ArrowLeft: -1, ArrowRight: 1 }[key];
    const isEdge = by < 0 ? cell.selectionStart === 0 : cell.selectionEnd === cell.value.length;
    if (!by || !isEdge) return;
    event.preventDefault();
    on.step(by);
  });
  cell.addEventListener("input", ({ data, inputType }) => {
    const value = typed(cell.value);
    const at = typed(cell.value.slice(0, cell.selectionStart)).length;
    const isRefused = !value || value.length > LONGEST || (data && !typed(data));
    let next = null;
    if (!value && inputType.startsWith("delete")) on.takeBack(); // a phone's keyboard
    else if (isRefused) on.refuse(LONGEST);
    else next = on.take(value);
    if (!value) cell.select();
    else if (next && data && value.length === 1) chooseAll(next);
    else cell.setSelectionRange(at, at); // where one may type on
  });
  return cell;
}

/** What the keys ask for: "undo", "redo", or undefined for something else. */
export function stepOf({ key, ctrlKey, metaKey, shiftKey }) {
  if (!ctrlKey && !metaKey) return undefined;
  return { z: shiftKey ? "redo" : "undo", y: "redo" }[key.toLowerCase()];
}

/** Go to a field, if there is one, with all that it holds chosen. */
export function chooseAll(cell) {
  cell?.focus();
  cell?.select();
}

/** Whether all that a cell holds is chosen. */
function isWhole({ selectionStart, selectionEnd, value }) {
  return selectionEnd - selectionStart === value.length;
}

/** Put the caret on the side of a cell that was clicked, so many pixels from its left. */
function putCaret(cell, x) {
  const at = x < cell.clientWidth / 2 ? 0 : cell.value.length;
  cell.setSelectionRange(at, at);
}
