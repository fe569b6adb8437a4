import { saveCsv } from "./csv.js";
import { flash } from "./keep.js";
import { moment, percent, t } from "./language.js";
import { picture } from "./paint.js";
import { decode } from "./strokes.js";

const CHANGED_MIND = 4_000; // ms, after which "Delete all" asks anew
const THUMB = 60; // pixels, the height of a drawing's thumbnail

/**
 * Shows a Record as a list of thumbnails, each to be opened again or deleted; what was deleted one by
 * one can be brought back until the page is left, or another tab changes the record.
 */
export class Gallery {
  #root;
  #list;
  #record;
  #open;
  #bringBack;
  #deleted = []; // entries
  #thumbnails = new Map(); // by id, each with what it shows

  constructor(root, record, open) {
    [this.#root, this.#record, this.#open] = [root, record, open];
    this.#list = root.querySelector("ul");
    root.querySelector(".csv").addEventListener("click", () => {
      saveCsv("readings.csv", table(record.entries));
    });
    const deleteAll = root.querySelector(".delete-all");
    deleteAll.addEventListener("keydown", (event) => event.repeat && event.preventDefault());
    deleteAll.addEventListener("click", ({ detail }) => detail < 2 && this.#deleteAll(deleteAll));
    this.#bringBack = root.querySelector(".bring-back");
    this.#bringBack.addEventListener("click", () => this.#putBack());
    record.addEventListener("change", ({ detail: isOthers }) => {
      if (isOthers) this.#deleted = [];
      this.show();
    });
  }

  show() {
    const { entries } = this.#record;
    this.#tellRoom();
    this.#deleted = this.#deleted.filter(({ id }) => !this.#record.find(id)); // or came back corrected
    const focused = this.#list.contains(document.activeElement) && document.activeElement;
    this.#bringBack.hidden = !this.#deleted.length;
    this.#root.hidden = !entries.length && !this.#deleted.length;
    this.#list.replaceChildren(...entries.map((entry) => this.#item(entry)));
    if (focused) this.#list.querySelector(`[data-name="${focused.dataset.name}"]`)?.focus();
  }

  #tellRoom() {
    const help = this.#root.querySelector(".quiet");
    const { isPassing, isFull } = this.#record;
    help.dataset.text = isPassing ? "recordPassing" : isFull ? "recordFull" : "recordHelp";
    const words = t(help.dataset.text);
    if (help.textContent !== words) help.textContent = words; // or it would be read out again
  }

  /** At the second click, soon after the first. */
  #deleteAll(button) {
    if (button.textContent !== t("reallyDeleteAll")) {
      return flash(button, "reallyDeleteAll", CHANGED_MIND);
    }
    button.textContent = t("deleteAll");
    this.#deleted = [];
    this.#record.clear();
  }

  #item(entry) {
    const item = document.createElement("li");
    const name = entry.number.replaceAll("\n", " ") || "?";
    const what = { name: entry.name ? `${name} (${entry.name})` : name, time: moment(entry.time) };
    const open = button(t("openAgain", what), () => this.#open(entry));
    const words = document.createElement("span");
    words.dir = "ltr"; // a number is one in any language
    words.textContent = `${name} · ${percent(entry.confidence, 0)}`;
    open.append(this.#thumbnail(entry), words);
    open.dataset.name = `open ${entry.id}`;
    const remove = button(t("delete", what), () => this.#remove(entry, item));
    remove.dataset.name = `delete ${entry.id}`;
    remove.textContent = "×";
    remove.className = "delete";
    item.append(open, remove);
    return item;
  }

  /** Made once: a list is shown again with every reading. */
  #thumbnail({ id, strokes, photo }) {
    const made = this.#thumbnails.get(id);
    if (made?.of === (photo ?? strokes)) return made.image;
    const image = new Image();
    image.alt = "";
    image.src = photo ?? picture(decode(strokes) ?? [], THUMB).toDataURL();
    this.#thumbnails.set(id, { image, of: photo ?? strokes });
    return image;
  }

  #putBack() {
    const [first] = this.#deleted;
    this.#record.putBack(this.#deleted.splice(0));
    this.#list.querySelector(`[data-name="open ${first.id}"]`)?.focus();
  }

  /** The focus goes on to the next one. */
  #remove(entry, item) {
    const place = [...this.#list.children].indexOf(item);
    this.#deleted = [...this.#deleted.filter(({ id }) => id !== entry.id), entry];
    this.#record.remove(entry.id);
    const next = this.#list.children[Math.min(place, this.#list.children.length - 1)];
    (next?.querySelector(".delete") ?? this.#bringBack).focus();
  }
}

/** A line for each reading, in the order they came; its rows are lines of its number. */
function table(entries) {
  const lines = entries
    .toSorted((one, other) => one.id - other.id)
    .map(({ time, name = "", number, confidence, verdict }) => {
      const here = new Date(time).toLocaleString("sv"); // 2026-11-23 21:40:12, where the page is
      return [here, name, number, confidence.toFixed(4), verdict];
    });
  return [["time", "file", "number", "confidence", "verdict"], ...lines];
}

function button(label, act) {
  const element = document.createElement("button");
  element.type = "button";
  element.ariaLabel = element.title = label;
  element.addEventListener("click", act);
  return element;
}
