const KEPT = "record"; // the name under which the browser keeps it
const MOST = 100; // readings
const ROOM = 4_000_000; // characters: browsers have 5 million for all that a page keeps

/**
 * What was read in this browser, newest first: {id, time, number, verdict, confidence}, and the
 * strokes as text, or the photo as a data: URL and its file's name; `corrected` has each mark as it
 * was corrected, or null.
 * Announces "change", with whether it is of another tab's doing as `detail`.
 */
export class Record extends EventTarget {
  /** Whether some had to go since all were deleted or the page came: there was no room. */
  isFull = false;
  /** Whether the browser keeps nothing: all go when the page is left. */
  isPassing = false;
  #storage;

  constructor(storage) {
    super();
    this.#storage = storage;
    storage.follow(KEPT, () => this.#announce(true));
  }

  get entries() {
    try {
      const kept = JSON.parse(this.#storage.get(KEPT));
      return Array.isArray(kept) ? kept : [];
    } catch {
      return []; // written by something else
    }
  }

  find(id) {
    return this.entries.find((entry) => entry.id === id);
  }

  /** Keep a reading, in place of that with the same id. */
  put(entry) {
    this.#keep([entry, ...this.entries.filter(({ id }) => id !== entry.id)]);
  }

  remove(id) {
    this.#keep(this.entries.filter((entry) => entry.id !== id));
  }

  /** Put entries back, but where there are others with their ids now. */
  putBack(entries) {
    const gone = entries.filter(({ id }) => !this.find(id));
    this.#keep([...gone, ...this.entries]);
  }

  clear() {
    this.isFull = false;
    this.#keep([]);
  }

  /** Keep as many as there is room for, the newest first. */
  #keep(entries) {
    let room = ROOM;
    const sorted = entries.toSorted((one, other) => other.time - one.time);
    const kept = sorted.slice(0, MOST).filter((entry) => (room -= JSON.stringify(entry).length) > 0);
    // Where something else has filled the browser's room, the oldest go; where there is none at all,
    // all stay until the page is left.
    const set = (count) => this.#storage.set(KEPT, JSON.stringify(kept.slice(0, count)));
    const gone = kept.findIndex((_, some) => set(kept.length - some));
    this.isPassing = gone < 0 && !set(kept.length);
    this.isFull ||= entries.length > kept.length - Math.max(0, gone);
    this.#announce(false);
  }

  #announce(isOthers) {
    this.dispatchEvent(new CustomEvent("change", { detail: isOthers }));
  }
}
