import assert from "node:assert/strict";
import test from "node:test";

import { Pile } from "../../static/js/pile.js";

/** A pile, what it took, and how each ended. */
function pile() {
  const [taken, ends] = [[], []];
  const made = new Pile(({ name }) => taken.push(name));
  made.addEventListener("end", ({ detail }) => ends.push(detail));
  return { made, taken, ends };
}

const pictures = (count) => Array.from({ length: count }, (_, i) => ({ name: `${i}` }));

test("each is taken once the one before it was read, and that is told", () => {
  const { made, taken, ends } = pile();
  made.lay(pictures(3));
  assert.deepEqual([taken, made.progress], [["0"], "1/3"]);
  made.next();
  assert.deepEqual([taken, made.progress, ends], [["0", "1"], "2/3", []]);
  made.next();
  made.next();
  made.next(); // what else is read there later
  assert.deepEqual([taken.length, made.progress], [3, ""]);
  assert.deepEqual(ends, [{ left: 0, failed: [] }]);
});

test("one by itself is no pile", () => {
  const { made, taken, ends } = pile();
  made.lay(pictures(1));
  assert.equal(made.progress, "");
  made.fail();
  made.next();
  assert.deepEqual([taken, ends], [["0"], []]);
});

test("the last of too many are left out", () => {
  const { made, taken, ends } = pile();
  made.lay(pictures(22));
  for (let i = 0; i < 30; i++) made.next();
  assert.equal(taken.length, 20);
  assert.deepEqual(ends, [{ left: 2, failed: [] }]);
});

test("what is refused is told at the end, and the next one taken unless all were put away", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { made, taken, ends } = pile();
  made.lay(pictures(3));
  made.fail();
  context.mock.timers.tick(2_000);
  assert.deepEqual(taken, ["0", "1"]);
  made.next();
  made.fail();
  context.mock.timers.tick(2_000);
  assert.deepEqual(ends, [{ left: 0, failed: ["0", "2"] }]);
  made.lay(pictures(2));
  made.fail();
  made.clear();
  context.mock.timers.tick(2_000);
  assert.equal(taken.length, 4);
});
