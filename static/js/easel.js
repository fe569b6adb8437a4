import { t } from "./language.js";
import { draw, picture, SENT } from "./paint.js";
import { asJpeg, onPaper, prepare } from "./picture.js";
import { decode, encode } from "./strokes.js";

const KEPT = "drawing"; // the name under which the browser keeps the strokes
const KEPT_PHOTO = 800; // pixels, the longest side of a photo that is kept
const SHAPES = [0.75, 2.5]; // width to height, of the pad under a photo

/**
 * What lies there to be read: the drawing, or a picture over it. Announces "change" when that is
 * another, and "prepare" when a picture is made ready for it.
 */
export class Easel extends EventTarget {
  file = null; // the picture over the drawing
  id = Date.now(); // in the record, of what lies there
  #root;
  #photo;
  #remove;
  #hint;
  #drawing;
  #turn = 0; // of pictures that were taken: one that is still prepared may have been overtaken

  constructor(root, drawing) {
    super();
    [this.#root, this.#drawing] = [root, drawing];
    [this.#photo, this.#hint] = [root.querySelector("img"), root.querySelector(".hint")];
    this.#remove = root.querySelector(".remove");
    this.#remove.addEventListener("click", () => this.lay(null));
    this.#photo.addEventListener("load", () => this.#fit());
    this.#photo.addEventListener("error", () => this.file && this.#name());
    drawing.addEventListener("change", () => this.lay(null));
  }

  get isEmpty() {
    return !this.file && this.#drawing.strokes.every(({ erases }) => erases);
  }

  /** What the predictor is asked. */
  get question() {
    return this.file ?? (() => draw(this.#drawing.strokes));
  }

  /** {width, height} of the picture that is sent, in pixels; 0 where the browser cannot tell. */
  get size() {
    const { naturalWidth: width, naturalHeight: height } = this.#photo;
    return this.file ? { width, height } : SENT;
  }

  /** It as a canvas. */
  get picture() {
    const { strokes } = this.#drawing;
    return this.file ? onPaper(this.#photo, KEPT_PHOTO) : picture(strokes, 3 * SENT.height);
  }

  /** It as text, by which `open` lays it there again; null where the browser cannot show it. */
  get kept() {
    if (!this.file) return { strokes: encode(this.#drawing.strokes) };
    return this.size.width ? { photo: this.picture.toDataURL("image/jpeg", 0.8) } : null;
  }

  /** Lay a picture there, as soon as it is made ready, if it is no larger than `most` bytes. */
  async take(original, most) {
    const turn = ++this.#turn;
    this.dispatchEvent(new Event("prepare"));
    const file = await prepare(original);
    if (turn !== this.#turn) return;
    if (file.size > most) {
      this.lay(this.file);
      this.dispatchEvent(new Event("too large"));
      return;
    }
    this.id = Date.now();
    this.lay(file);
  }

  /** Lay other strokes there, as another drawing. */
  begin(strokes) {
    this.id = Date.now();
    this.#drawing.load(strokes);
  }

  async open({ id, strokes, photo }) {
    if (strokes) {
      this.begin(decode(strokes));
    } else {
      const image = new Image();
      image.src = photo;
      await image.decode();
      this.lay(await asJpeg(onPaper(image, KEPT_PHOTO), t("record")));
    }
    this.id = id;
  }

  /** Undo the last step, or take a picture away: the drawing under it is still there. */
  undo() {
    this.file ? this.lay(null) : this.#drawing.undo();
  }

  clear() {
    if (this.file) this.lay(null);
    this.#drawing.clear();
  }

  /** Lay a File over the drawing, or none. */
  lay(file) {
    this.#turn++;
    if (file !== this.file) this.#show(file);
    if (this.isEmpty) this.id = Date.now();
    this.refresh();
    this.dispatchEvent(new Event("change"));
  }

  /** Say the hint in the page's language. */
  refresh() {
    this.#hint.textContent = t("drawHere");
    this.#hint.hidden = !this.isEmpty;
  }

  /** Lay what the browser kept there again. */
  restore(storage) {
    const strokes = decode(storage.getItem(KEPT) ?? "");
    if (strokes) this.#drawing.load(strokes);
    this.#drawing.addEventListener("change", () => {
      if (!this.#drawing.isDrawing) storage.setItem(KEPT, encode(this.#drawing.strokes));
    });
  }

  #show(file) {
    if (this.file) URL.revokeObjectURL(this.#photo.src);
    this.file = file;
    this.#photo.hidden = this.#remove.hidden = !file;
    this.#root.style.aspectRatio = "";
    if (!file) return this.#photo.removeAttribute("src");
    this.#photo.src = URL.createObjectURL(file);
    this.#photo.alt = t("picture", { name: file.name });
  }

  #fit() {
    const shape = this.#photo.naturalWidth / this.#photo.naturalHeight;
    this.#root.style.aspectRatio = Math.min(SHAPES[1], Math.max(SHAPES[0], shape));
  }

  /** Of a format that the browser does not show, the name; the server may read it. */
  #name() {
    this.#photo.hidden = true;
    this.#hint.textContent = this.file.name;
    this.#hint.hidden = false;
  }
}
