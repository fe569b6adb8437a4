import { t } from "./language.js";
import { draw, PAD, picture } from "./paint.js";
import { asJpeg, onPaper, paperOf, prepare } from "./picture.js";
import { ownStorage as storage } from "./storage.js";
import { decode, encode } from "./strokes.js";

const KEPT = "drawing"; // the name under which the browser keeps the strokes
const KEPT_PICTURE = "picture"; // the same of what lies over them: itself, or its id in the record
export const KNOWN = "known"; // the state of the browser's history where a link's strokes were recorded
const KEPT_PHOTO = 800; // pixels, the longest side of a photo that is kept
const SHAPES = [0.75, 2.5]; // width to height, of the pad under a photo

/**
 * What lies there to be read: the drawing, or a picture over it. Announces "leave", as Drawing does,
 * and "change" when that is another, with whether it only grew as `detail`; "prepare" when a picture
 * is made ready for it, and "refused" where it cannot be, with the problem as `detail`.
 */
export class Easel extends EventTarget {
  #root;
  #canvas;
  #photo;
  #remove;
  #hint;
  #drawing;
  #shown = null; // the File of the picture over the drawing
  #isUnshown = false; // it, in a format that the browser does not know
  #turn = 0; // of pictures that were taken: one that is still prepared may have been overtaken

  constructor(root, drawing) {
    super();
    [this.#root, this.#drawing] = [root, drawing];
    [this.#photo, this.#hint] = [root.querySelector("img"), root.querySelector(".hint")];
    this.#canvas = root.querySelector("canvas");
    this.#remove = root.querySelector(".remove");
    this.#remove.addEventListener("click", () => drawing.cover(null));
    this.#photo.addEventListener("load", () => {
      this.#fit();
      this.#hold();
    });
    this.#photo.addEventListener("error", () => this.#showName());
    drawing.addEventListener("rest", () => this.#keep());
    drawing.addEventListener("leave", () => this.dispatchEvent(new Event("leave")));
    drawing.addEventListener("change", ({ detail }) => {
      if (detail.isOther) this.#keep();
      this.#change(detail.isOther);
    });
  }

  /** The picture over the drawing, or null. */
  get file() {
    return this.#drawing.picture?.file ?? null;
  }

  /** In the record, of what lies there. */
  get id() {
    return this.shown.id;
  }

  /** Whether it was recorded, and is as it was then; it may have been deleted since. */
  get isKnown() {
    return Boolean(this.shown.isKnown);
  }

  /** What lies there was recorded; it may be that of a link, which is opened again at a reload. */
  know() {
    this.#drawing.know();
    this.#keep();
    if (location.hash) history.replaceState(KNOWN, "");
  }

  get isLinkKnown() {
    return history.state === KNOWN;
  }

  /** What lies there, as an object: the same one whenever that lies there. */
  get shown() {
    return this.#drawing.shown;
  }

  /** Its marks as they were corrected, as Drawing's. */
  get corrected() {
    return this.#drawing.corrected;
  }

  correct(marks, isAnew) {
    this.#drawing.correct(marks, isAnew);
  }

  get isEmpty() {
    return !this.file && this.#drawing.strokes.every(({ erases }) => erases);
  }

  /** What the predictor is asked. */
  get question() {
    return this.file ?? (() => draw(this.#drawing.strokes));
  }

  /** {width, height} of what boxes are told on, in pixels; 0 where the browser cannot tell. */
  get size() {
    const { naturalWidth: width, naturalHeight: height } = this.#photo;
    return this.file ? { width, height } : PAD;
  }

  /** The picture over the drawing as an element of the page; null where none is seen. */
  get photo() {
    return this.file && this.size.width ? this.#photo : null;
  }

  /** It as a canvas. */
  get picture() {
    const { strokes } = this.#drawing;
    return this.file ? onPaper(this.#photo, KEPT_PHOTO) : picture(strokes, 3 * PAD.height);
  }

  /** It as text, by which `open` lays it there again; null where the browser cannot show it. */
  get kept() {
    if (!this.file) return { strokes: encode(this.#drawing.strokes) };
    if (!this.size.width) return null;
    return { photo: this.picture.toDataURL("image/jpeg", 0.8), name: this.file.name };
  }

  /** Lay a picture there, under an id, as soon as it is made ready, if it has at most `most` bytes. */
  async take(original, id, most) {
    const turn = ++this.#turn;
    this.dispatchEvent(new Event("prepare"));
    const file = await prepare(original).catch(() => null);
    if (turn !== this.#turn) return;
    if (!file) this.#refuse({ name: "unreadable" });
    else if (file.size > most) this.#refuse({ name: "tooLarge", values: { limit: most / 1e6 } });
    else this.#drawing.cover({ file, id, isKnown: false });
  }

  #refuse(problem) {
    this.dispatchEvent(new CustomEvent("refused", { detail: problem }));
  }

  /** Lay an entry of the record there again, or a picture that was held. */
  async open(entry) {
    const { id, strokes, photo, name, isHeld } = entry;
    if (strokes) return this.#drawing.borrow(decode(strokes) ?? [], id);
    const turn = ++this.#turn;
    const held = isHeld && JSON.stringify(entry);
    storage.set(KEPT_PICTURE, held || id); // which is all that is kept of it meanwhile
    const image = new Image();
    image.src = photo;
    if (!(await image.decode().then(() => true, () => false))) return; // something else wrote it
    const file = await asJpeg(onPaper(image, KEPT_PHOTO), name ?? t("record"));
    if (turn === this.#turn) this.#drawing.cover({ file, id, isKnown: !isHeld, held });
  }

  /** Keep a picture itself, once, until it is in the record: it may not be read for long. */
  #hold() {
    const { picture } = this.#drawing;
    if (!picture || picture.isKnown || picture.held) return;
    const { kept } = this;
    if (!kept) return;
    picture.held = JSON.stringify({ id: picture.id, ...kept, isHeld: true });
    storage.set(KEPT_PICTURE, picture.held);
  }

  /** Do not wait for a picture that is made ready; or put that away that lies there. */
  cancel(isPreparing) {
    isPreparing ? this.#turn++ : this.#drawing.cover(null);
  }

  #change(isOther) {
    this.#turn++;
    if (this.file !== this.#shown) this.#show(this.file);
    this.refresh();
    this.dispatchEvent(new CustomEvent("change", { detail: !isOther }));
  }

  /** Say what lies there in the page's language. */
  refresh() {
    const name = this.file?.name;
    this.#photo.alt = name === undefined ? "" : t("picture", { name });
    this.#hint.textContent = name ?? t("drawHere");
    this.#hint.hidden = !this.isEmpty && !this.#isUnshown;
    this.#canvas.ariaLabel = this.#photo.alt || t("drawingSurface");
    this.#canvas.setAttribute("aria-describedby", this.file ? "" : "pad-help"); // how to draw
  }

  /** Lay what the browser kept there again. */
  restore() {
    const [text, id, known] = (storage.get(KEPT) ?? "").split(" ");
    const strokes = decode(text);
    if (strokes) this.#drawing.restore(strokes, Number(id) || undefined, Boolean(known));
  }

  /** What was opened or the picture that lay there when the page was left, held or in the record. */
  leftOver(record) {
    try {
      const kept = JSON.parse(storage.get(KEPT_PICTURE) || null);
      return kept?.photo ? kept : record.find(kept);
    } catch {
      return null; // something else wrote it
    }
  }

  #keep() {
    const { strokes, id, isBorrowed, isKnown, picture } = this.#drawing;
    const { shown } = this;
    const isOpened = shown.isKnown && (picture || isBorrowed);
    storage.set(KEPT_PICTURE, (isOpened ? shown.id : picture?.held) || "");
    if (!isBorrowed) storage.set(KEPT, `${encode(strokes)} ${id}${isKnown ? " known" : ""}`);
  }

  #show(file) {
    if (this.#shown) URL.revokeObjectURL(this.#photo.src);
    this.#shown = file;
    this.#isUnshown = false;
    this.#photo.hidden = this.#remove.hidden = !file;
    this.#root.style.aspectRatio = "";
    if (!file) return this.#photo.removeAttribute("src");
    this.#photo.src = URL.createObjectURL(file);
  }

  #fit() {
    const shape = this.#photo.naturalWidth / this.#photo.naturalHeight;
    this.#root.style.aspectRatio = Math.min(SHAPES[1], Math.max(SHAPES[0], shape));
    this.#photo.style.background = paperOf(this.#photo);
  }

  /** Of a format that the browser does not show, the name; the server may read it. */
  #showName() {
    if (!this.file) return;
    this.#isUnshown = this.#photo.hidden = true;
    this.refresh();
  }
}
