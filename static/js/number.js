import { t, percent } from "./language.js";
import { Overlay } from "./overlay.js";
import { copy, save } from "./save.js";

const ZEROS = ["0", "٠", "۰", "०", "０"];

/**
 * Several digits: each in a cell, where it can be corrected, and in a box over the picture.
 * Announces "choose", with `detail` {reading, place}, when one of them is pointed at, "correct",
 * with the number as it is then, and "copied", with whether it was.
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
    button("csv").addEventListener("click", () => save("numbers.csv", "text/csv", this.#asCsv()));
  }

  clear() {
    this.#corrected = [];
    this.#hide();
  }

  #hide() {
    this.#root.hidden = true;
    this.#reading = null;
    this.#boxes = [];
    this.#overlay.clear();
  }

  /**
   * Show the digits of a reading, if there are several, of a picture of {width, height} pixels.
   * While the pen draws, a digit that was corrected may be missing for a while.
   */
  show(reading, picture, isDrawing = false) {
    const isSame = this.#reading?.number === reading.number;
    this.#hide();
    if (reading.digits.length < 2) return;
    this.#root.hidden = false;
    this.#keepCorrections(reading, isDrawing);
    this.#reading = reading;
    this.#cells = reading.digits.map((digit, place) => this.#cell(digit, place));
    const waiting = [...this.#cells];
    const rows = reading.number.split("\n").map((text) => {
      const row = document.createElement("li");
      row.style.setProperty("--signs", text.length);
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

  get isCorrected() {
    return Boolean(this.#reading?.digits.some(({ corrected }) => corrected !== undefined));
  }

  /** The number as it stands, corrections and all, a row a line. */
  get text() {
    if (this.#root.hidden) return "";
    const rows = [...this.#root.querySelectorAll("li")];
    return rows
      .map((row) => [...row.childNodes].map((node) => node.value ?? node.textContent).join(""))
      .join("\n");
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
  #cell(digit, place) {
    const cell = document.createElement("input");
    cell.inputMode = "numeric";
    cell.autocomplete = "off";
    cell.addEventListener("focus", () => {
      cell.select();
      this.#choose(place);
    });
    cell.addEventListener("pointerenter", () => this.#choose(place));
    cell.addEventListener("keydown", (event) => {
      const next = this.#cells[place + ({ ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? NaN)];
      if (!next) return;
      event.preventDefault();
      next.focus();
    });
    cell.addEventListener("input", ({ data }) => {
      const before = digit.corrected;
      digit.corrected = data === null ? undefined : (latin(data) ?? before); // as by Backspace
      this.#corrected = this.#corrected.filter((other) => !isAgain(digit, other));
      if (digit.corrected !== undefined) this.#corrected.push(digit);
      this.#write(place);
      this.#tellSureness();
      if (digit.corrected !== before) {
        this.dispatchEvent(new CustomEvent("correct", { detail: this.text }));
      }
      const next = latin(data ?? "") && this.#cells[place + 1];
      next ? next.focus() : cell.select();
    });
    return cell;
  }

  /** Show what a digit is taken for, by the network or by who corrected it. */
  #write(place) {
    const [cell, box] = [this.#cells[place], this.#boxes[place]];
    const { row, confidence, corrected, digit, verdict } = this.#reading.digits[place];
    const isDoubtful = corrected === undefined && verdict !== "digit";
    cell.value = corrected ?? (verdict === "not_a_digit" ? "?" : digit);
    cell.ariaLabel = t("cell", {
      place: place + 1,
      count: this.#cells.length,
      row: row + 1,
      how: corrected === undefined ? t("sure", { share: percent(confidence, 0) }) : t("corrected"),
    });
    cell.classList.toggle("corrected", corrected !== undefined);
    cell.classList.toggle("doubtful", isDoubtful);
    if (!box) return;
    box.querySelector("b").textContent = cell.value;
    box.classList.toggle("doubtful", isDoubtful);
  }

  /** Of each row, the probability that it is right as it stands: what was corrected is. */
  get #sureness() {
    const sure = this.text.split("\n").map(() => 1);
    for (const { row, confidence, corrected } of this.#reading.digits) {
      sure[row] *= corrected === undefined ? confidence : 1;
    }
    return sure;
  }

  #tellSureness() {
    const rows = this.#root.querySelectorAll("li");
    for (const [row, sure] of this.#sureness.entries()) rows[row].dataset.sure = percent(sure, 0);
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
    const isCopied = await copy(this.text);
    this.dispatchEvent(new CustomEvent("copied", { detail: isCopied }));
  }

  #asCsv() {
    const sure = this.#sureness;
    const rows = this.text
      .split("\n")
      .map((text, row) => `${row + 1},${quoted(text)},${sure[row].toFixed(4)}`);
    return ["row,number,confidence", ...rows, ""].join("\r\n");
  }
}

/** A number with commas in it is one field still. */
function quoted(text) {
  return /^\d+$/.test(text) ? text : `"${text}"`;
}

/** A digit in any of the page's languages as 0 … 9, or undefined. */
function latin(text) {
  const value = ZEROS.map((zero) => text.codePointAt(0) - zero.codePointAt(0));
  return value.find((digit) => text.length === 1 && digit >= 0 && digit <= 9)?.toString();
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
