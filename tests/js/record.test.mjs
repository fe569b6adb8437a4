import assert from "node:assert/strict";
import test from "node:test";

import { Record } from "../../static/js/record.js";

/** As storage.js: a map that refuses what is larger than its room. */
function storage(room = Infinity) {
  const kept = new Map();
  return {
    follow: () => {},
    get: (name) => kept.get(name) ?? null,
    set: (name, text) => text.length <= room && Boolean(kept.set(name, text)),
  };
}

const entry = (id, photo = "") => ({ id, time: id, number: String(id), confidence: 1, photo });
const ids = (record) => record.entries.map(({ id }) => id);

test("the newest is first, and one with the same id takes the place of the other", () => {
  const record = new Record(storage());
  for (const id of [1, 2, 3, 2]) record.put(entry(id));
  assert.deepEqual(ids(record), [3, 2, 1]);
  record.remove(3);
  record.putBack([entry(3), entry(1)]);
  assert.deepEqual(ids(record), [3, 2, 1]);
  record.remove(3);
  assert.deepEqual(ids(record), [2, 1]);
  record.clear();
  assert.deepEqual(ids(record), []);
});

test("the oldest go where there are many, or no room", () => {
  const many = new Record(storage());
  for (let id = 0; id < 100; id++) many.put(entry(id));
  assert.deepEqual([many.entries.length, many.isFull], [100, false]);
  many.put(entry(100));
  assert.deepEqual([many.entries.length, many.isFull], [100, true]);
  assert.equal(many.entries[0].id, 100);
  many.put(entry(100)); // corrected
  assert.equal(many.isFull, true);
  many.clear();
  assert.equal(many.isFull, false);
  const narrow = new Record(storage(1000));
  for (let id = 0; id < 5; id++) narrow.put(entry(id, "x".repeat(300)));
  assert.deepEqual([ids(narrow), narrow.isFull, narrow.isPassing], [[4, 3], true, false]);
  narrow.put(entry(5, "x".repeat(2000)));
  assert.equal(narrow.isPassing, true);
  const photos = new Record(storage());
  for (let id = 0; id < 9; id++) photos.put(entry(id, "x".repeat(800_000)));
  assert.deepEqual(ids(photos), [8, 7, 6, 5]);
});

test("what something else wrote there is no record", () => {
  for (const text of ["", "{", "{}", "null", "3"]) {
    const broken = storage();
    broken.set("record", text);
    assert.deepEqual(new Record(broken).entries, []);
  }
});
