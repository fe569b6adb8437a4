import { paint, paintStroke } from "./paint.js";
import { PEN } from "./strokes.js";

const PALM = 60; // CSS pixels: what touches wider is no finger
const TOGETHER = 300; // ms within which two fingers begin a pinch
const STILL = 0.03; // of the pad's height: what moved no farther by then is a thumb that rests
const SHORT = 0.15; // the same: a stroke cut off by a pinch goes, a longer one stays

/** The drawing surface: what the pointer does becomes strokes of a Drawing, and these are shown. */
export class Pad {
  pen = { width: PEN, erases: false };
  #canvas;
  #context;
  #drawing;
  #pointer = null; // what draws
  #begin = 0; // when the first of the fingers that are down came
  #painted = 0; // points of the growing stroke that are on the canvas
  #frame = 0;

  constructor(canvas, drawing) {
    [this.#canvas, this.#drawing] = [canvas, drawing];
    this.#context = canvas.getContext("2d");
    canvas.addEventListener("pointerdown", (event) => this.#start(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", (event) => this.#stop(event));
    canvas.addEventListener("pointercancel", (event) => this.#stop(event));
    addEventListener("touchstart", (event) => this.#count(event), { capture: true, passive: true });
    canvas.addEventListener("touchstart", (event) => this.#touch(event), { passive: false });
    drawing.addEventListener("change", ({ detail }) => this.#show(detail.grown));
    drawing.addEventListener("rest", () => this.redraw()); // its curves, without the ends on the way
    new ResizeObserver(() => this.#fit()).observe(canvas);
    this.#followZoom();
    const redraw = () => this.redraw();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
    matchMedia("(forced-colors: active)").addEventListener("change", redraw);
  }

  /** Draw everything again in the next frame. */
  redraw() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#paint());
  }

  #paint() {
    const { width, height } = this.#canvas;
    this.#context.clearRect(0, 0, width, height);
    paint(this.#context, this.#drawing.strokes, height, this.#colours);
    this.#painted = this.#drawing.strokes.at(-1)?.points.length ?? 0;
    this.#frame = 0;
  }

  #start(event) {
    const isPalm = event.pointerType === "touch" && Math.max(event.width, event.height) > PALM;
    if (event.button !== 0 || isPalm) return;
    if (this.#pointer !== null) {
      if (!this.#isLate(event) || !this.#isShort(STILL)) return;
      this.#drawing.cancel();
    }
    this.#pointer = event.pointerId;
    this.#canvas.setPointerCapture(event.pointerId);
    this.#drawing.begin(this.pen, this.#point(event));
  }

  #move(event) {
    if (event.pointerId !== this.#pointer) return;
    // Pens and fast mice report several positions a frame; Safari before 18.2 only one.
    const events = event.getCoalescedEvents?.() ?? [];
    const points = (events.length ? events : [event]).map((each) => this.#point(each));
    this.#drawing.extend(...points);
  }

  #stop({ type, pointerId }) {
    if (pointerId !== this.#pointer) return;
    this.#pointer = null;
    const isPinch = type === "pointercancel" && this.#isShort(SHORT);
    isPinch ? this.#drawing.cancel() : this.#drawing.end();
  }

  /** Whether a stroke is being drawn that came no farther yet. */
  #isShort(length) {
    if (!this.#drawing.isDrawing) return false;
    const { points } = this.#drawing.strokes.at(-1);
    return points.every(({ x, y }) => Math.hypot(x - points[0].x, y - points[0].y) < length);
  }

  /** Wherever on the page: a hand may rest beside the pad. */
  #count({ touches, timeStamp }) {
    if (touches.length === 1) this.#begin = timeStamp;
  }

  /** Two fingers that come together are the browser's, to zoom; beside a hand that rests one draws. */
  #touch(event) {
    const isPalm = ({ radiusX, radiusY }) => 2 * Math.max(radiusX, radiusY) > PALM;
    if ([...event.touches].some(isPalm) || this.#isLate(event)) event.preventDefault();
  }

  #isLate({ timeStamp }) {
    return timeStamp - this.#begin > TOGETHER;
  }

  #point(event) {
    const { left, top, height } = this.#canvas.getBoundingClientRect();
    const point = { x: (event.clientX - left) / height, y: (event.clientY - top) / height };
    return event.pointerType === "pen" ? { ...point, weight: weight(event) } : point;
  }

  /** A stroke that only grew is painted on at once: ink follows the pointer in the same frame. */
  #show(grown) {
    if (!grown || this.#frame) {
      this.redraw();
      return;
    }
    const { height } = this.#canvas;
    paintStroke(this.#context, grown, height, this.#colours, this.#painted);
    this.#painted = grown.points.length;
  }

  get #colours() {
    return { ink: getComputedStyle(this.#canvas).color };
  }

  #fit() {
    const { clientWidth, clientHeight } = this.#canvas;
    this.#canvas.width = Math.round(clientWidth * devicePixelRatio);
    this.#canvas.height = Math.round(clientHeight * devicePixelRatio);
    this.#paint(); // at once: a new size has emptied the canvas
  }

  /** A zoomed page, or one moved to another screen, has more pixels in the same size. */
  #followZoom() {
    const resolution = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    const follow = () => {
      this.#fit();
      this.#followZoom();
    };
    resolution.addEventListener("change", follow, { once: true });
  }
}

/** How wide a pen draws: by its pressure, 1 at the half of it, and wider the more it leans. */
function weight({ pressure, altitudeAngle = Math.PI / 2 }) {
  const lean = 1 - altitudeAngle / (Math.PI / 2);
  return Math.round((0.4 + 1.2 * pressure) * (1 + lean) * 20) / 20;
}
