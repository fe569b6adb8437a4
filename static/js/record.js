const KEPT = "record"; // the name under which the browser keeps it
const MOST = 30; // readings

/**
 * What was read in this browser, newest first: {id, time, number, verdict, confidence}, and the
 * strokes as text or the photo as a data: URL. Announces "change".
 */
export class Record extends EventTarget {
  #storage;

  constructor(storage) {
    super();
    this.#storage = storage;
  }

  get entries() {
    try {
      return JSON.parse(this.#storage.getItem(KEPT)) ?? [];
    } catch {
      return []; // written by something else
    }
  }

  /** Keep a reading, in place of that with the same id. */
  put(entry) {
    this.#keep([entry, ...this.entries.filter(({ id }) => id !== entry.id)]);
  }

  remove(id) {
    this.#keep(this.entries.filter((entry) => entry.id !== id));
  }

  clear() {
    this.#keep([]);
  }

  /** Keep as many as there is room for. */
  #keep(entries) {
    for (let count = Math.min(entries.length, MOST); count >= 0; count--) {
      try {
        this.#storage.setItem(KEPT, JSON.stringify(entries.slice(0, count)));
        break;
      } catch {
        // Full: the oldest goes.
      }
    }
    this.dispatchEvent(new Event("change"));
  }
}
