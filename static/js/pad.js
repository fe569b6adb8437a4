import { paint } from "./strokes.js";

/** The drawing surface. Announces "change" after everything that changes its strokes. */
export class Pad extends EventTarget {
  strokes = [];
  #canvas;
  #context;
  #pointer = null; // the one that is drawing; a second finger or a palm is left to the browser
  #frame = 0;

  constructor(canvas) {
    super();
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d");
    canvas.addEventListener("pointerdown", (event) => this.#start(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, (event) => this.#end(event));
    }
    new ResizeObserver(() => this.#fit()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw());
  }

  /** Put the pen down at {x, y}. */
  begin(point) {
    this.strokes.push([point]);
    this.#changed();
  }

  /** Draw on to {x, y}. */
  extend(...points) {
    this.strokes.at(-1).push(...points);
    this.#changed();
  }

  undo() {
    if (this.strokes.pop()) this.#changed();
  }

  clear() {
    this.strokes = [];
    this.#changed();
  }

  /** Draw everything again in the next frame. */
  redraw() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      const { width } = this.#canvas;
      this.#context.clearRect(0, 0, width, width);
      this.#context.strokeStyle = getComputedStyle(this.#canvas).getPropertyValue("--ink");
      paint(this.#context, this.strokes, width);
    });
  }

  #start(event) {
    if (this.#pointer !== null || event.button !== 0) return;
    this.#pointer = event.pointerId;
    this.#canvas.setPointerCapture(event.pointerId);
    this.begin(this.#point(event));
  }

  #move(event) {
    if (event.pointerId !== this.#pointer) return;
    // Pens and fast mice report several positions a frame; Safari before 18.2 only one.
    const events = event.getCoalescedEvents?.() ?? [];
    this.extend(...(events.length ? events : [event]).map((each) => this.#point(each)));
  }

  #end(event) {
    if (event.pointerId === this.#pointer) this.#pointer = null;
  }

  #point({ clientX, clientY }) {
    const { left, top, width } = this.#canvas.getBoundingClientRect();
    return { x: (clientX - left) / width, y: (clientY - top) / width };
  }

  #fit() {
    this.#canvas.width = this.#canvas.height = Math.round(this.#canvas.clientWidth * devicePixelRatio);
    this.redraw();
  }

  #changed() {
    this.redraw();
    this.dispatchEvent(new Event("change"));
  }
}
