import { paint } from "./strokes.js";

/** The drawing surface. Announces "change" after everything that changes its strokes. */
export class Pad extends EventTarget {
  strokes = [];
  #canvas;
  #context;
  #current = null; // the stroke being drawn
  #pointer = null; // what draws it; a second finger or a palm is left to the browser
  #frame = 0;

  constructor(canvas) {
    super();
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d");
    canvas.addEventListener("pointerdown", (event) => this.#start(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, (event) => event.pointerId === this.#pointer && this.end());
    }
    new ResizeObserver(() => this.#fit()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw());
  }

  get isDrawing() {
    return this.#current !== null;
  }

  /** Put the pen down at {x, y}. */
  begin(point) {
    this.#current = [point];
    this.strokes.push(this.#current);
    this.#changed();
  }

  /** Draw on to {x, y}, while the pen is down. */
  extend(...points) {
    if (!this.isDrawing) return;
    this.#current.push(...points);
    this.#changed();
  }

  /** Lift the pen. */
  end() {
    this.#current = this.#pointer = null;
  }

  /** Take the last stroke away, even while it is being drawn. */
  undo() {
    this.end();
    if (this.strokes.pop()) this.#changed();
  }

  clear() {
    this.end();
    this.strokes = [];
    this.#changed();
  }

  /** Draw everything again in the next frame. */
  redraw() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      const { width, height } = this.#canvas;
      this.#context.clearRect(0, 0, width, height);
      this.#context.strokeStyle = getComputedStyle(this.#canvas).getPropertyValue("--ink");
      paint(this.#context, this.strokes, height);
    });
  }

  #start(event) {
    if (this.#pointer !== null || event.button !== 0) return;
    this.begin(this.#point(event));
    this.#pointer = event.pointerId;
    this.#canvas.setPointerCapture(event.pointerId);
  }

  #move(event) {
    if (event.pointerId !== this.#pointer) return;
    // Pens and fast mice report several positions a frame; Safari before 18.2 only one.
    const events = event.getCoalescedEvents?.() ?? [];
    this.extend(...(events.length ? events : [event]).map((each) => this.#point(each)));
  }

  #point({ clientX, clientY }) {
    const { left, top, height } = this.#canvas.getBoundingClientRect();
    return { x: (clientX - left) / height, y: (clientY - top) / height };
  }

  #fit() {
    const { clientWidth, clientHeight } = this.#canvas;
    this.#canvas.width = Math.round(clientWidth * devicePixelRatio);
    this.#canvas.height = Math.round(clientHeight * devicePixelRatio);
    this.redraw();
  }

  #changed() {
    this.redraw();
    this.dispatchEvent(new Event("change"));
  }
}
