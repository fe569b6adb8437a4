/**
 * Several digits: each in a cell, where it can be corrected, and in a box over the picture.
 * Announces "choose", with `detail` {reading, place}, when one of them is pointed at.
 */
export class NumberView extends EventTarget {
  #root;
  #overlay;
  #reading = null;
  #picture = null;
  #cells = [];
  #boxes = [];

  constructor(root, overlay) {
    super();
    [this.#root, this.#overlay] = [root, overlay];
    new ResizeObserver(() => this.#place()).observe(overlay);
    const button = (id) => root.querySelector(`#${id}`);
    button("copy").addEventListener("click", ({ target }) => this.#copy(target));
    button("csv").addEventListener("click", () => save("numbers.csv", this.#asCsv()));
  }

  clear() {
    this.#root.hidden = true;
    this.#boxes = [];
    this.#overlay.replaceChildren();
  }

  /** Show the digits of a reading, if there are several, of a picture of {width, height} pixels. */
  show(reading, picture) {
    this.clear();
    this.#root.hidden = reading.digits.length < 2;
    if (this.#root.hidden) return;
    [this.#reading, this.#picture] = [reading, picture];
    this.#cells = reading.digits.map((digit, place) => this.#cell(digit, place));
    const waiting = [...this.#cells];
    const rows = reading.number.split("\n").map((text) => {
      const row = document.createElement("li");
      row.append(...[...text].map((sign) => (/[\d?]/.test(sign) ? waiting.shift() : sign)));
      return row;
    });
    this.#root.querySelector("ol").replaceChildren(...rows);
    this.#boxes = picture.width ? reading.digits.map((_, place) => this.#box(place)) : [];
    this.#overlay.replaceChildren(...this.#boxes);
    this.#place();
    this.#choose(0);
  }

  /** The number as it stands, corrections and all, a row a line. */
  get text() {
    const rows = [...this.#root.querySelectorAll("li")];
    return rows
      .map((row) => [...row.childNodes].map((node) => node.value ?? node.textContent).join(""))
      .join("\n");
  }

  #cell({ digit, verdict, confidence }, place) {
    const cell = document.createElement("input");
    const count = this.#reading.digits.length;
    cell.value = verdict === "not_a_digit" ? "?" : digit;
    cell.inputMode = "numeric";
    cell.autocomplete = "off";
    cell.ariaLabel = `Digit ${place + 1} of ${count}, ${Math.floor(100 * confidence)} % sure`;
    cell.classList.toggle("doubtful", verdict !== "digit");
    cell.addEventListener("focus", () => {
      cell.select();
      this.#choose(place);
    });
    cell.addEventListener("pointerenter", () => this.#choose(place));
    cell.addEventListener("input", () => this.#correct(place));
    return cell;
  }

  /** Take what was typed, if it is a digit; what was there before if not. */
  #correct(place) {
    const cell = this.#cells[place];
    const typed = cell.value.match(/\d/g)?.at(-1);
    if (typed !== undefined) {
      this.#reading.digits[place].corrected = typed;
      cell.classList.add("corrected");
      cell.classList.remove("doubtful");
    }
    const { corrected, digit } = this.#reading.digits[place];
    cell.value = corrected ?? digit;
    const box = this.#boxes[place];
    if (box) box.querySelector("b").textContent = cell.value;
    cell.select();
  }

  #box(place) {
    const { verdict } = this.#reading.digits[place];
    const element = document.createElement("span");
    const label = document.createElement("b");
    label.textContent = this.#cells[place].value;
    element.className = "box";
    element.classList.toggle("doubtful", verdict !== "digit");
    label.addEventListener("pointerenter", () => this.#choose(place));
    label.addEventListener("click", () => this.#cells[place].focus());
    element.append(label);
    return element;
  }

  /** Lay the boxes over the picture, which is fitted whole into the overlay's element. */
  #place() {
    if (!this.#boxes.length) return;
    const { clientWidth, clientHeight } = this.#overlay;
    const { width, height } = this.#picture;
    const scale = Math.min(clientWidth / width, clientHeight / height);
    const [left, top] = [(clientWidth - width * scale) / 2, (clientHeight - height * scale) / 2];
    for (const [place, element] of this.#boxes.entries()) {
      const { box } = this.#reading.digits[place];
      element.style.left = `${left + box.x * scale}px`;
      element.style.top = `${top + box.y * scale}px`;
      element.style.width = `${box.width * scale}px`;
      element.style.height = `${box.height * scale}px`;
      element.style.fontSize = `${Math.min(14, Math.max(8, (box.height * scale) / 2))}px`;
    }
  }

  #choose(place) {
    for (const [other, box] of this.#boxes.entries()) box.classList.toggle("chosen", other === place);
    const detail = { reading: this.#reading, place };
    this.dispatchEvent(new CustomEvent("choose", { detail }));
  }

  async #copy(button) {
    await copy(this.text);
    const words = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = words), 1500);
  }

  #asCsv() {
    const sure = this.text.split("\n").map(() => 1);
    for (const { row, confidence, corrected } of this.#reading.digits) {
      sure[row] *= corrected === undefined ? confidence : 1;
    }
    const rows = this.text.split("\n").map((text, row) => `${row + 1},${quoted(text)},${sure[row].toFixed(4)}`);
    return ["row,number,confidence", ...rows, ""].join("\r\n");
  }
}

/** A field that spreadsheets keep as text where it holds more than digits. */
function quoted(text) {
  return /^\d+$/.test(text) ? text : `"${text}"`;
}

/** To the clipboard; the old way where a page without https may not use the new one. */
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

function save(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
