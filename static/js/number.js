import { chooseAll, makeCell } from "./cell.js";
import { Corrections } from "./corrections.js";
import { crop, isSmall } from "./crop.js";
import { saveCsv } from "./csv.js";
import { t, percent } from "./language.js";
import { isCorrected, isDoubtful, readAs } from "./marks.js";
import { Overlay } from "./overlay.js";
import { copy } from "./save.js";

const LEFT_OUT = ""; // what a mark that is none is corrected to

/**
 * The marks of a reading, each in a cell, where it can be corrected or left out; several digits each
 * in a box over the picture, too. Announces "choose", with `detail` {reading, place}, when a digit is
 * pointed at, "correct", with {row, number}, how its row reads now, "refused", with words, where what
 * was typed is not taken, and "copied", with whether it was.
 */
export class NumberView extends EventTarget {
  #root;
  #overlay;
  #reading = null;
  #corrections = new Corrections();
  #cells = []; // of each mark, as are
  #boxes = []; // the same; null of a sign, or where none are shown
  #chosen = 0;

  constructor(root, overlay) {
    super();
    [this.#root, this.#overlay] = [root, new Overlay(overlay)];
    overlay.parentElement.addEventListener("pointermove", (event) => this.#hover(event));
    const button = (id) => root.querySelector(`#${id}`);
    button("copy").addEventListener("click", () => this.#copy());
    button("csv").addEventListener("click", () => saveCsv("numbers.csv", this.#table));
  }

  /** Now this lies there, and a redo would lay that there: the same objects whenever they do. */
  begin(lying, ahead) {
    this.#corrections.begin(lying, ahead);
  }

  /** What was corrected is not that of what is read from now on. */
  forget() {
    this.#corrections.forget();
  }

  /** Take the last correction back that was made of what lies there. Returns whether there is one. */
  undo() {
    return Boolean(this.#undo(this.#corrections.lastHere(this.#marks)));
  }

  get canRedo() {
    return this.#corrections.canRedo;
  }

  /** Make the correction again that was undone last. Returns its cell, or null where there is none. */
  redo() {
    return this.#told(this.#corrections.redo(this.#marks));
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
   * photo, an image on the page, they may be so small that all rows are shown again. While the pen
   * draws, a mark that was corrected may be missing for a while.
   */
  show(reading, picture, { photo = null, isDrawing = false } = {}) {
    const isSame = this.#reading?.number === reading.number;
    const { marks } = reading;
    const giveFocus = this.#takeFocus();
    this.clear();
    if (!reading.digits.length) return isDrawing || this.forget();
    this.#corrections.recall(marks, isDrawing);
    const isOne = reading.digits.length === 1;
    this.#root.hidden = false;
    this.#root.classList.toggle("one", isOne);
    this.#reading = reading;
    this.#cells = marks.map((_, place) => this.#cell(place));
    const rows = reading.number.split("\n").map((_, row) => marks.filter((mark) => mark.row === row));
    const isShownAgain = photo && !isOne && rows.some((row) => isSmall(photo, row));
    const items = rows.map((row) => {
      const item = document.createElement("li");
      if (isShownAgain) item.append(crop(photo, row));
      item.append(...row.map((mark) => this.#cells[marks.indexOf(mark)]));
      return item;
    });
    this.#root.querySelector("ol").replaceChildren(...items);
    const isBoxed = ({ box }) => box && picture.width && !isOne;
    this.#boxes = marks.map((mark, place) => (isBoxed(mark) ? this.#box(place) : null));
    const laid = this.#boxes.map((element, place) => ({ element, box: marks[place].box }));
    this.#overlay.show(laid.filter(({ element }) => element), picture);
    for (const place of this.#cells.keys()) this.#write(place);
    this.#tellSureness();
    this.#tellHelp();
    this.#choose(isSame ? this.#chosen : 0);
    giveFocus();
  }

  /** Who corrects goes on where they were, if there are as many cells then: call what is returned. */
  #takeFocus() {
    const { length } = this.#cells;
    const place = this.#cells.indexOf(document.activeElement);
    const { selectionStart, selectionEnd } = this.#cells[place] ?? {};
    return () => {
      if (place < 0 || this.#cells.length !== length) return;
      const cell = this.#cells[place];
      cell.focus();
      queueMicrotask(() => cell.setSelectionRange(selectionStart, selectionEnd)); // focus chose all
    };
  }

  /**
   * What corrections make of the reading: its parts that are others then, or {} without any. The
   * probabilities are of what was read, and stay with its digits alone.
   */
  get corrected() {
    if (!this.#marks.some(isCorrected)) return {};
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

  get #marks() {
    return this.#reading?.marks ?? [];
  }

  /** One cell; of all of them only one is a tab stop, the arrow keys lead to the others. */
  #cell(place) {
    return makeCell({
      choose: () => this.#choose(place),
      take: (value) => this.#take(place, value),
      refuse: (most) => this.#refuse(place, most),
      takeBack: () => this.#takeBack(place),
      undo: () => chooseAll(this.#undo(this.#corrections.last(this.#marks))),
      redo: () => chooseAll(this.redo()),
      step: (by) => this.#cells[place + by]?.focus(),
      cross: (by) => this.#cross(place, by),
    });
  }

  /** Go to the row above or below, to its cell that is nearest. Returns that, if there is one. */
  #cross(place, by) {
    const left = (other) => this.#cells[other].getBoundingClientRect().left;
    const row = this.#marks[place].row + by;
    const there = [...this.#cells.keys()].filter((other) => this.#marks[other].row === row);
    const distance = (other) => Math.abs(left(other) - left(place));
    const [nearest] = there.toSorted((one, other) => distance(one) - distance(other));
    this.#cells[nearest]?.focus();
    return this.#cells[nearest];
  }

  /** Correct a mark to what was typed; where that is a sign and one stands before the digit, that. */
  #take(place, value) {
    const { [place - 1]: before, [place]: mark } = this.#marks;
    if (before?.sign && before.row === mark.row && !mark.sign && /^\D$/.test(value)) {
      this.#write(place);
      this.#correct(place - 1, value === before.sign ? undefined : value);
      return this.#cells[place];
    }
    this.#correct(place, value);
    return this.#cells.find((_, other) => other > place && !this.#marks[other].sign); // past signs
  }

  /** Leave a cell as it is, and say what it takes. */
  #refuse(place, most) {
    this.#write(place);
    const words = t("notTaken", { most });
    const help = this.#root.querySelector("#correct-help");
    help.style.minHeight = `${help.getBoundingClientRect().height}px`; // fewer lines would move what is below
    help.textContent = words;
    this.dispatchEvent(new CustomEvent("refused", { detail: words }));
  }

  /** Take a correction back; where there is none, leave the mark out, if another digit is left. */
  #takeBack(place) {
    const { marks, digits } = this.#reading;
    const left = digits.filter(({ corrected }) => corrected !== LEFT_OUT);
    const isLast = left.length === 1 && left[0] === marks[place];
    this.#correct(place, isCorrected(marks[place]) || isLast ? undefined : LEFT_OUT);
  }

  /** Take the correction of a mark back, if there is one. Returns its cell, or null. */
  #undo(mark) {
    if (mark) this.#corrections.undo(mark, this.#marks);
    return this.#told(mark);
  }

  #correct(place, value) {
    this.#corrections.correct(this.#marks[place], value, this.#marks);
    this.#told(this.#marks[place]);
  }

  /** Show and announce what became of a mark, if there is one. Returns its cell, or null. */
  #told(mark) {
    if (!mark) return null;
    const place = this.#marks.indexOf(mark);
    this.#write(place);
    this.#tellSureness();
    this.#tellHelp();
    this.#choose(this.#chosen);
    const [row, number] = [mark.row + 1, this.#rows[mark.row].text];
    this.dispatchEvent(new CustomEvent("correct", { detail: { row, number } }));
    return this.#cells[place];
  }

  /** Show what a mark is taken for, by the network or by who corrected it. */
  #write(place) {
    const [cell, box] = [this.#cells[place], this.#boxes[place]];
    const mark = this.#reading.marks[place];
    const { corrected } = mark;
    const classes = {
      sign: Boolean(mark.sign) && !corrected,
      wide: mark.sign === "%" && !corrected,
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

  /** How likely each row is right; and whether one digit became a number, which may be copied. */
  #tellSureness() {
    this.#root.classList.toggle("long", asText(this.#rows).length > 1);
    const rows = this.#root.querySelectorAll("li");
    for (const [row, { text, sure }] of this.#rows.entries()) {
      rows[row].dataset.sure = text ? percent(sure, 0) : ""; // all of it is left out
    }
  }

  #tellHelp() {
    const name = this.#reading.digits.length === 1 ? "correctOneHelp" : "correctHelp";
    const help = this.#root.querySelector("#correct-help");
    help.style.minHeight = "";
    help.textContent = t(name);
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
