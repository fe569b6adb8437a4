import { crop } from "./crop.js";
import { saveCsv } from "./csv.js";
import { t, percent } from "./language.js";
import { Overlay } from "./overlay.js";
import { copy } from "./save.js";

const LEFT_OUT = ""; // what a mark that is no digit is corrected to
const ZEROS = ["0", "٠", "۰", "०", "０"];
const SIGNS = ".,-:/+×÷=()%"; // that a mark may be corrected to, or have put beside it; typed as:
const TYPED = { x: "×", "*": "×", "−": "-", "–": "-", "٪": "%", "٫": "," };
const LONGEST = 4; // characters in a cell

/**
 * Several digits: each in a cell, where it can be corrected or left out, and in a box over the
 * picture. Announces "choose", with `detail` {reading, place}, when one of them is pointed at,
 * "correct", and "copied", with whether it was.
 */
export class NumberView extends EventTarget {
  #root;
  #overlay;
  #reading = null;
  #corrected = []; // digits, wherever they are read again
  #cells = [];
  #chosen = 0;
  #boxes = [];

  constructor(root, overlay) {
    super();
    [this.#root, this.#overlay] = [root, new Overlay(overlay)];
    overlay.parentElement.addEventListener("pointermove", (event) => this.#hover(event));
    const button = (id) => root.querySelector(`#${id}`);
    button("copy").addEventListener("click", () => this.#copy());
    button("csv").addEventListener("click", () => saveCsv(this.#table));
  }

  /** What was corrected is not that of what is read from now on. */
  forget() {
    this.#corrected = [];
  }

  clear() {
    this.#root.hidden = true;
    this.#reading = null;
    this.#boxes = [];
    this.#overlay.clear();
  }

  /**
   * Show the digits of a reading, if there are several, of a picture of {width, height} pixels. In a
   * photo, an image on the page, they may be so small that they are shown again with their row. While
   * the pen draws, a digit that was corrected may be missing for a while.
   */
  show(reading, picture, { photo = null, isDrawing = false } = {}) {
    const isSame = this.#reading?.number === reading.number;
    this.clear();
    if (reading.digits.length < 2) return isDrawing || this.forget();
    this.#root.hidden = false;
    this.#keepCorrections(reading, isDrawing);
    this.#reading = reading;
    this.#cells = reading.digits.map((_, place) => this.#cell(place));
    const waiting = [...this.#cells];
    const rows = reading.number.split("\n").map((text, place) => {
      const row = document.createElement("li");
      const boxes = reading.digits.filter((digit) => digit.row === place).map(({ box }) => box);
      row.append((photo && crop(photo, photo.parentElement, boxes)) ?? "");
      row.append(...[...text].map((sign) => (/[\d?]/.test(sign) ? waiting.shift() : sign)));
      return row;
    });
    this.#root.querySelector("ol").replaceChildren(...rows);
    this.#boxes = picture.width ? reading.digits.map((_, place) => this.#box(place)) : [];
    const laid = this.#boxes.map((element, place) => ({ element, box: reading.digits[place].box }));
    this.#overlay.show(laid, picture);
    for (const place of this.#cells.keys()) this.#write(place);
    this.#tellSureness();
    this.#choose(isSame ? this.#chosen : 0);
  }

  /** What corrections make of the reading: {number, verdict, confidence}, or {} without any. */
  get corrected() {
    if (!this.#reading?.digits.some(({ corrected }) => corrected !== undefined)) return {};
    const rows = this.#rows;
    return {
      number: asText(rows),
      verdict: this.#reading.digits.some(isDoubtful) ? "unsure" : "number",
      confidence: rows.reduce((product, { sure }) => product * sure, 1),
    };
  }

  /** Each row as it stands, and the probability that it is right: what was corrected is. */
  get #rows() {
    const rows = [...this.#root.querySelectorAll("li")].map((row) => ({
      text: [...row.childNodes].map(textOf).join(""),
      sure: 1,
    }));
    for (const { row, confidence, corrected } of this.#reading.digits) {
      rows[row].sure *= corrected === undefined ? confidence : 1;
    }
    return rows;
  }

  #keepCorrections({ digits }, isDrawing) {
    for (const digit of digits) {
      digit.corrected ??= this.#corrected.find((other) => isAgain(digit, other))?.corrected;
    }
    const isGone = (other) => !digits.some((digit) => isAgain(digit, other));
    const gone = isDrawing ? this.#corrected.filter(isGone) : [];
    this.#corrected = [...gone, ...digits.filter(({ corrected }) => corrected !== undefined)];
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
      const value = written(cell.value);
      const at = written(cell.value.slice(0, cell.selectionStart)).length;
      const isRefused = !value || value.length > LONGEST || (data && !written(data));
      if (!value && inputType.startsWith("delete")) this.#takeBack(place); // a phone's keyboard
      else if (isRefused) this.#write(place);
      else this.#correct(place, value);
      if (value.length > 1 || (value && isRefused)) return cell.setSelectionRange(at, at);
      const next = data && !isRefused && this.#cells[place + 1];
      next ? next.focus() : cell.select();
    });
    return cell;
  }

  /** Take a correction back; where there is none, leave the mark out, if another is left. */
  #takeBack(place) {
    const { digits } = this.#reading;
    const isCorrected = digits[place].corrected !== undefined;
    const isLast = digits.filter(({ corrected }) => corrected !== LEFT_OUT).length === 1;
    this.#correct(place, isCorrected || isLast ? undefined : LEFT_OUT);
  }

  #correct(place, value) {
    const digit = this.#reading.digits[place];
    digit.corrected = value;
    this.#corrected = this.#corrected.filter((other) => !isAgain(digit, other));
    if (value !== undefined) this.#corrected.push(digit);
    this.#write(place);
    this.#tellSureness();
    this.dispatchEvent(new Event("correct"));
  }

  /** Show what a digit is taken for, by the network or by who corrected it. */
  #write(place) {
    const [cell, box] = [this.#cells[place], this.#boxes[place]];
    const one = this.#reading.digits[place];
    const { row, confidence, corrected, digit, verdict } = one;
    const classes = {
      "left-out": corrected === LEFT_OUT,
      corrected: Boolean(corrected),
      doubtful: isDoubtful(one),
    };
    cell.value = corrected || (verdict === "not_a_digit" ? "?" : digit);
    cell.style.setProperty("--length", cell.value.length);
    const whole = cell.parentElement;
    whole.style.setProperty("--signs", [...whole.childNodes].map(textOf).join("").length);
    cell.ariaLabel = t("cell", {
      place: place + 1,
      count: this.#cells.length,
      row: row + 1,
      how: howSure(corrected, confidence),
    });
    for (const element of box ? [cell, box] : [cell]) {
      for (const [name, is] of Object.entries(classes)) element.classList.toggle(name, is);
    }
    if (box) box.querySelector("b").textContent = cell.value;
  }

  #tellSureness() {
    const rows = this.#root.querySelectorAll("li");
    for (const [row, { sure }] of this.#rows.entries()) rows[row].dataset.sure = percent(sure, 0);
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
      const { left, right, top, bottom } = box.getBoundingClientRect();
      return left <= clientX && clientX <= right && top <= clientY && clientY <= bottom;
    });
    if (place >= 0 && place !== this.#chosen) this.#choose(place);
  }

  #choose(place) {
    this.#chosen = place;
    for (const [other, cell] of this.#cells.entries()) cell.tabIndex = other === place ? 0 : -1;
    for (const [other, box] of this.#boxes.entries()) box.classList.toggle("chosen", other === place);
    const detail = { reading: this.#reading, place };
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

/** What a cell or a sign says. */
function textOf(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  return node.classList.contains("left-out") ? "" : (node.value ?? "");
}

function isDoubtful({ corrected, verdict }) {
  return corrected === undefined && verdict !== "digit";
}

function howSure(corrected, confidence) {
  if (corrected === undefined) return t("sure", { share: percent(confidence, 0) });
  return t(corrected === LEFT_OUT ? "leftOut" : "corrected");
}

/** What of a text is digits, in any of the page's languages, as 0 … 9, and SIGNS. */
function written(text) {
  const sign = (each) => TYPED[each] ?? (SIGNS.includes(each) ? each : "");
  return [...text].map((each) => latin(each) ?? sign(each)).join("");
}

/** A digit in any of the page's languages as 0 … 9, or undefined. */
function latin(character) {
  const value = ZEROS.map((zero) => character.codePointAt(0) - zero.codePointAt(0));
  return value.find((digit) => digit >= 0 && digit <= 9)?.toString();
}

/** Whether a digit is read where another was and as that was, as when one more is written. */
function isAgain(one, other) {
  return one.digit === other.digit && share(one.box, other.box) > 0.5;
}

/** The area of two boxes that is of both, as a share of all of it. */
function share(one, other) {
  const along = (at, size) =>
    Math.max(0, Math.min(one[at] + one[size], other[at] + other[size]) - Math.max(one[at], other[at]));
  const both = along("x", "width") * along("y", "height");
  return both / (one.width * one.height + other.width * other.height - both || 1);
}
