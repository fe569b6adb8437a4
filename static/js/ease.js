const TIME = 160; // ms from one list of numbers to the next

/** Lets numbers glide to their next values. Calls `show` with all of them, frame by frame. */
export class Ease {
  #show;
  #now = [];
  #frame = 0;

  constructor(show) {
    this.#show = show;
  }

  /** Go to these values: at once where people want no motion, or where there were none. */
  to(values) {
    cancelAnimationFrame(this.#frame);
    const [from, begin] = [this.#now, performance.now()];
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (isStill || from.length !== values.length) {
      this.#show((this.#now = values));
      return;
    }
    const step = (time) => {
      const rest = Math.max(0, 1 - Math.max(16, time - begin) / TIME) ** 3;
      this.#now = values.map((value, i) => value + (from[i] - value) * rest);
      this.#show(this.#now);
      if (rest) this.#frame = requestAnimationFrame(step);
    };
    step(begin);
  }
}
