import { crop } from "./crop.js";
import { saveCsv } from "./csv.js";
import { t, percent } from "./language.js";
import { isAgain, isCorrected, isDoubtful, readAs } from "./marks.js";
import { Overlay } from "./overlay.js";
import { copy } from "./save.js";
import { typed } from "./typed.js";

const LEFT_OUT = ""; // what a mark that is none is corrected to
const LONGEST = 4; // characters in a cell

/**
 * The marks of a reading, each in a cell, where it can be corrected or left out; several digits each
 * in a box over the picture, too. Announces "choose", with `detail` {reading, place}, when a digit is
 * pointed at, "correct", "refused", with words, where what was typed is not taken, and "copied", with
 * whether it was.
 */
export class NumberView extends EventTarget {
  #root;
  #overlay;
  #reading = null;
  #corrected = []; // marks, wherever they are read again
  #recent = new WeakMap(); // of what lay there, the marks that were corrected while it did
  #lying = {}; // what lies there
  #cells = []; // of each mark, as are
  #boxes = []; // the same; null of a sign, or where none are shown
  #chosen = 0;

  constructor(root, overlay) {
    super();
    [this.#root, this.#overlay] = [root, new Overlay(overlay)];
    overlay.parentElement.addEventListener("pointermove", (event) => this.#hover(event));
    const button = (id) => root.querySelector(`#${id}`);
    button("copy").addEventListener("click", () => this.#copy());
    button("csv").addEventListener("click", () => saveCsv(this.#table));
  }

  /** Now this lies there, the same object whenever it does. */
  begin(lying) {
    this.#lying = lying;
  }

  /** Take the last correction back that was made while it lay there. Returns whether there is one. */
  undo() {
    return Boolean(this.#takeLastBack(this.#recent.get(this.#lying) ?? []));
  }

  /** What was corrected is not that of what is read from now on. */
  forget() {
    this.#corrected = [];
  }

  clear() {
    this.#root.hidden = true;
    this.#root.querySelector("ol").replaceChildren();
    this.#reading = null;
    this.#boxes = [];
    this.#overlay.clear();
  }

  /**
   * Show the marks of a reading, if there are digits, of a picture of {width, height} pixels. In a
   * photo, an image on the page, they may be so small that they are shown again with their row. While
   * the pen draws, a mark that was corrected may be missing for a while.
   */
  show(reading, picture, { photo = null, isDrawing = false } = {}) {
    const isSame = this.#reading?.number === reading.number;
    const { marks } = reading;
    this.clear();
    if (!reading.digits.length) return isDrawing || this.forget();
    const isOne = reading.digits.length === 1;
    this.#root.hidden = false;
    this.#root.classList.toggle("one", isOne);
    this.#keepCorrections(reading, isDrawing);
    this.#reading = reading;
    this.#cells = marks.map((_, place) => this.#cell(place));
    const rows = reading.number.split("\n").map((_, place) => {
      const row = document.createElement("li");
      const boxes = reading.digits.filter((digit) => digit.row === place).map(({ box }) => box);
      const shown = photo && !isOne ? crop(photo, photo.parentElement, boxes) : null;
      if (shown) row.append(shown);
      row.append(...this.#cells.filter((_, i) => marks[i].row === place));
      return row;
    });
    this.#root.querySelector("ol").replaceChildren(...rows);
    const isBoxed = ({ box }) => box && picture.width && !isOne;
    this.#boxes = marks.map((mark, place) => (isBoxed(mark) ? this.#box(place) : null));
    const laid = this.#boxes.map((element, place) => ({ element, box: marks[place].box }));
    this.#overlay.show(laid.filter(({ element }) => element), picture);
    for (const place of this.#cells.keys()) this.#write(place);
    this.#tellSureness();
    this.#tellHelp();
    this.#choose(isSame ? this.#chosen : 0);
  }

  /**
   * What corrections make of the reading: its parts that are others then, or {} without any. The
   * probabilities are of what was read, and stay with its digits alone.
   */
  get corrected() {
    if (!this.#reading?.marks.some(isCorrected)) return {};
    const rows = this.#rows;
    const number = asText(rows);
    const isDigit = /^\d$/.test(number);
    const isUnsure = this.#reading.digits.some(isDoubtful);
    return {
      number,
      digit: isDigit ? Number(number) : null,
      verdict: isUnsure ? "unsure" : isDigit ? "digit" : "number",
      probabilities: null,
      top: [],
      confidence: rows.reduce((product, { sure }) => product * sure, 1),
    };
  }

  /** Each row as it stands, and the probability that it is right: what was corrected is. */
  get #rows() {
    const rows = [...this.#root.querySelectorAll("li")].map((row) => ({
      text: textOf(row),
      sure: 1,
    }));
    for (const digit of this.#reading.digits) {
      rows[digit.row].sure *= isCorrected(digit) ? 1 : digit.confidence;
    }
    return rows;
  }

  #keepCorrections({ marks }, isDrawing) {
    for (const mark of marks) {
      mark.corrected ??= this.#corrected.find((other) => isAgain(mark, other))?.corrected;
    }
    const isGone = (other) => !marks.some((mark) => isAgain(mark, other));
    const gone = isDrawing ? this.#corrected.filter(isGone) : [];
    this.#corrected = [...gone, ...marks.filter(isCorrected)];
  }

  /** One cell; of all of them only one is a tab stop, the arrow keys lead to the others. */
  #cell(place) {
    const cell = document.createElement("input");
    cell.inputMode = "decimal";
    cell.autocomplete = "off";
    let clicks = 0; // since it has the focus
    cell.addEventListener("focus", () => {
      clicks = 0;
      queueMicrotask(() => cell.select()); // the browser puts the caret somewhere first
      this.#choose(place);
    });
    cell.addEventListener("pointerenter", () => this.#choose(place));
    // The first click chooses all of it, to be typed over, the second a place to put another.
    cell.addEventListener("mousedown", (event) => {
      if (clicks === 0 && document.activeElement === cell) event.preventDefault();
    });
    cell.addEventListener("click", ({ offsetX }) => {
      if (clicks++ === 0) cell.select();
      else if (isWhole(cell)) putCaret(cell, offsetX);
    });
    cell.addEventListener("dblclick", ({ offsetX }) => putCaret(cell, offsetX));
    cell.addEventListener("keydown", (event) => {
      const { key } = event;
      if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "z") {
        event.preventDefault(); // the browser's own knows nothing of it
        return event.shiftKey || choose(this.#takeLastBack(this.#corrected));
      }
      const isDeleting = key === "Backspace" || key === "Delete";
      if (isDeleting && (isWhole(cell) || cell.value.length === 1)) {
        event.preventDefault(); // wherever in the cell the caret is
        this.#takeBack(place);
        cell.select();
      }
      const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
      const isEdge = step < 0 ? cell.selectionStart === 0 : cell.selectionEnd === cell.value.length;
      if (!step || !isEdge) return;
      event.preventDefault();
      this.#cells[place + step]?.focus();
    });
    cell.addEventListener("input", ({ data, inputType }) => {
      const value = typed(cell.value);
      const at = typed(cell.value.slice(0, cell.selectionStart)).length;
      if (this.#isOfSignBefore(place, value)) return this.#correctSignBefore(place, value);
      const isRefused = !value || value.length > LONGEST || (data && !typed(data));
      if (!value && inputType.startsWith("delete")) this.#takeBack(place); // a phone's keyboard
      else if (isRefused) this.#refuse(place);
      else this.#correct(place, value);
      if (!value) return cell.select();
      const next = data && !isRefused && value.length === 1 && this.#digitAfter(place);
      next ? next.focus() : cell.setSelectionRange(at, at); // where one may type on
    });
    return cell;
  }

  /** Leave a cell as it is, and say what it takes. */
  #refuse(place) {
    this.#write(place);
    const words = t("notTaken", { most: LONGEST });
    this.#root.querySelector("#correct-help").textContent = words;
    this.dispatchEvent(new CustomEvent("refused", { detail: words }));
  }

  /** Whether a sign was typed where one stands before the digit already. */
  #isOfSignBefore(place, value) {
    const { [place - 1]: before, [place]: mark } = this.#reading.marks;
    return before?.sign && before.row === mark.row && !mark.sign && /^\D$/.test(value);
  }

  #correctSignBefore(place, value) {
    this.#write(place);
    this.#correct(place - 1, value === this.#reading.marks[place - 1].sign ? undefined : value);
    this.#cells[place].select();
  }

  /** The cell of the next digit: one types past signs. */
  #digitAfter(place) {
    return this.#cells.find((_, other) => other > place && !this.#reading.marks[other].sign);
  }

  /** Take a correction back; where there is none, leave the mark out, if another digit is left. */
  #takeBack(place) {
    const { marks, digits } = this.#reading;
    const left = digits.filter(({ corrected }) => corrected !== LEFT_OUT);
    const isLast = left.length === 1 && left[0] === marks[place];
    this.#correct(place, isCorrected(marks[place]) || isLast ? undefined : LEFT_OUT);
  }

  /** Take the last one of corrected marks back. Returns its cell, if it is there. */
  #takeLastBack(corrected) {
    const marks = this.#reading?.marks ?? [];
    const last = corrected.at(-1);
    const found = marks.includes(last) ? last : marks.find((mark) => isAgain(mark, last));
    if (!found || !isCorrected(found)) return null; // or it was taken back in its cell since
    const place = marks.indexOf(found);
    this.#correct(place, undefined);
    return this.#cells[place];
  }

  #correct(place, value) {
    const { marks } = this.#reading;
    const mark = marks[place];
    mark.corrected = value;
    const isOther = (other) => other !== mark && (marks.includes(other) || !isAgain(mark, other));
    const change = (some = []) => [...some.filter(isOther), ...(value === undefined ? [] : [mark])];
    this.#corrected = change(this.#corrected);
    this.#recent.set(this.#lying, change(this.#recent.get(this.#lying)));
    this.#write(place);
    this.#tellSureness();
    this.#tellHelp();
    this.#choose(this.#chosen);
    this.dispatchEvent(new Event("correct"));
  }

  /** Show what a mark is taken for, by the network or by who corrected it. */
  #write(place) {
    const [cell, box] = [this.#cells[place], this.#boxes[place]];
    const mark = this.#reading.marks[place];
    const { corrected } = mark;
    const classes = {
      sign: Boolean(mark.sign) && !corrected,
      "left-out": corrected === LEFT_OUT,
      corrected: Boolean(corrected),
      doubtful: isDoubtful(mark),
    };
    cell.value = corrected || readAs(mark);
    cell.style.setProperty("--length", cell.value.length);
    const row = cell.parentElement;
    row.style.setProperty("--signs", textOf(row, "input").length);
    cell.ariaLabel = this.#label(mark);
    for (const element of box ? [cell, box] : [cell]) {
      for (const [name, is] of Object.entries(classes)) element.classList.toggle(name, is);
    }
    if (box) box.querySelector("b").textContent = cell.value;
  }

  #label(mark) {
    const { digits } = this.#reading;
    const row = mark.row + 1;
    const how = howSure(mark);
    if (mark.sign) return [t("signCell", { sign: mark.sign, row }), how].filter(Boolean).join(", ");
    return t("cell", { place: digits.indexOf(mark) + 1, count: digits.length, row, how });
  }

  #tellSureness() {
    const rows = this.#root.querySelectorAll("li");
    for (const [row, { text, sure }] of this.#rows.entries()) {
      rows[row].dataset.sure = text ? percent(sure, 0) : ""; // all of it is left out
    }
  }

  #tellHelp() {
    const name = this.#reading.digits.length === 1 ? "correctOneHelp" : "correctHelp";
    this.#root.querySelector("#correct-help").textContent = t(name);
  }

  #box(place) {
    const element = document.createElement("span");
    element.className = "box";
    element.append(document.createElement("b"));
    element.addEventListener("click", () => this.#cells[place].focus());
    return element;
  }

  /** Choose the box under a pointer that does not draw; over a drawing, boxes let strokes pass. */
  #hover({ buttons, clientX, clientY }) {
    if (buttons) return;
    const place = this.#boxes.findIndex((box) => {
      if (!box) return false;
      const { left, right, top, bottom } = box.getBoundingClientRect();
      return left <= clientX && clientX <= right && top <= clientY && clientY <= bottom;
    });
    if (place >= 0 && place !== this.#chosen) this.#choose(place);
  }

  /** Make a mark the tab stop, and choose it; in a sign's place, the digit that is nearest to it. */
  #choose(place) {
    this.#chosen = place;
    const { marks, digits } = this.#reading;
    const nearer = (one, other) => (Math.abs(other - place) < Math.abs(one - place) ? other : one);
    const nearest = [...marks.keys()].filter((other) => !marks[other].sign).reduce(nearer);
    for (const [other, cell] of this.#cells.entries()) cell.tabIndex = other === place ? 0 : -1;
    for (const [other, box] of this.#boxes.entries()) box?.classList.toggle("chosen", other === nearest);
    const detail = { reading: this.#reading, place: digits.indexOf(marks[nearest]) };
    this.dispatchEvent(new CustomEvent("choose", { detail }));
  }

  async #copy() {
    const isCopied = await copy(asText(this.#rows));
    this.dispatchEvent(new CustomEvent("copied", { detail: isCopied }));
  }

  get #table() {
    const rows = this.#rows.map(({ text, sure }, row) => [row + 1, text, sure.toFixed(4)]);
    return [["row", "number", "confidence"], ...rows.filter(([, text]) => text)];
  }
}

/** Go to a cell, if there is one, with all that it holds chosen. */
function choose(cell) {
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

/** Rows of which something is left, a row a line. */
function asText(rows) {
  return rows.flatMap(({ text }) => text || []).join("\n");
}

/** What the cells of a row say, or those of them that a selector takes. */
function textOf(row, cells = "input:not(.left-out)") {
  return [...row.querySelectorAll(cells)].map(({ value }) => value).join("");
}

function howSure(mark) {
  if (isCorrected(mark)) return t(mark.corrected === LEFT_OUT ? "leftOut" : "corrected");
  return mark.sign ? "" : t("sure", { share: percent(mark.confidence, 0) });
}
