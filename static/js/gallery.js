import { moment, percent, t } from "./language.js";
import { picture } from "./paint.js";
import { decode } from "./strokes.js";

const THUMB = 60; // pixels, the height of a drawing's thumbnail

/** Shows a Record as a list of thumbnails, each to be opened again or deleted. */
export class Gallery {
  #root;
  #list;
  #record;
  #open;

  constructor(root, record, open) {
    [this.#root, this.#record, this.#open] = [root, record, open];
    this.#list = root.querySelector("ul");
    root.querySelector(".delete-all").addEventListener("click", () => record.clear());
    record.addEventListener("change", () => this.show());
    addEventListener("storage", () => this.show()); // another tab wrote to it
  }

  show() {
    const { entries } = this.#record;
    this.#root.hidden = !entries.length;
    this.#list.replaceChildren(...entries.map((entry) => this.#item(entry)));
  }

  #item(entry) {
    const item = document.createElement("li");
    const name = entry.number.replaceAll("\n", " ") || "?";
    const what = { name, time: moment(entry.time) };
    const open = button(t("openAgain", what), () => this.#open(entry));
    const words = document.createElement("span");
    words.textContent = `${name} · ${percent(entry.confidence, 0)}`;
    open.append(thumbnail(entry), words);
    const remove = button(t("delete", what), () => this.#remove(entry, item));
    remove.textContent = "×";
    remove.className = "delete";
    item.append(open, remove);
    return item;
  }

  /** The focus goes on to the next one, or to what is before the list. */
  #remove(entry, item) {
    const place = [...this.#list.children].indexOf(item);
    this.#record.remove(entry.id);
    const next = this.#list.children[Math.min(place, this.#list.children.length - 1)];
    next?.querySelector(".delete").focus();
  }
}

function button(label, act) {
  const element = document.createElement("button");
  element.type = "button";
  element.ariaLabel = element.title = label;
  element.addEventListener("click", act);
  return element;
}

function thumbnail({ strokes, photo }) {
  if (strokes) return picture(decode(strokes), THUMB);
  const image = new Image();
  Object.assign(image, { src: photo, alt: "" });
  return image;
}
