import assert from "node:assert/strict";
import test from "node:test";

import { Pile } from "../../static/js/pile.js";

/** A pile, the names and ids of what it took, and what was not read when it ended, with the reason. */
function pile() {
  const [taken, ids, ends, kept] = [[], [], [], []];
  const take = ({ name }, id) => {
    taken.push(name);
    ids.push(id);
  };
  const made = new Pile(take, (id) => kept.includes(id));
  made.addEventListener("end", ({ detail }) => {
    ends.push(detail.map(({ name, because }) => (because ? `${name} ${because.name}` : name)));
  });
  const keep = () => kept.push(ids.at(-1));
  const read = (problem) => {
    made.lies(ids.at(-1));
    if (!problem) keep();
    made.read(ids.at(-1), problem);
  };
  return { made, taken, ids, ends, keep, read };
}

const pictures = (count) => Array.from({ length: count }, (_, i) => ({ name: `${i}` }));

test("each is taken once the one before it was read, and that is told", () => {
  const { made, taken, ends, read } = pile();
  made.lay(pictures(3));
  assert.deepEqual([taken, made.progress], [["0"], "1/3"]);
  read();
  assert.deepEqual([taken, made.progress, ends], [["0", "1"], "2/3", []]);
  read();
  read();
  read(); // what lies there still
  assert.deepEqual([taken.length, made.progress], [3, ""]);
  assert.deepEqual(ends, [[]]);
});

test("one by itself is no pile, and gives way to another", () => {
  const { made, taken, ends, read } = pile();
  made.lay(pictures(1));
  assert.equal(made.progress, "");
  made.refuse();
  made.lay([{ name: "other" }]);
  read();
  assert.deepEqual([taken, ends], [["0", "other"], []]);
});

test("what else is read or corrected meanwhile is not taken for it", () => {
  const { made, taken, ids } = pile();
  made.lay(pictures(3));
  made.read("what lay there before");
  made.lies(ids[0]);
  made.read("something else");
  assert.deepEqual(taken, ["0"]);
});

test("what is read twice, as when it is corrected, is not taken for the next one", () => {
  const { made, taken, ids, ends, keep, read } = pile();
  made.lay(pictures(3));
  read();
  made.read(ids[0]);
  assert.deepEqual([taken, made.hasMore], [["0", "1"], true]);
  read();
  keep();
  assert.equal(made.hasMore, false);
  made.read(ids[2]);
  assert.deepEqual(ends, [[]]);
});

test("what is kept already when they are put away was read", () => {
  const { made, ends, keep } = pile();
  made.lay(pictures(3));
  keep();
  made.stop();
  assert.deepEqual(ends, [["1", "2"]]);
});

test("something else that is laid there puts it away, and what was left is told", () => {
  const { made, taken, ends, read } = pile();
  made.lay(pictures(3));
  read();
  made.lies("a drawing");
  made.lies("a drawing");
  assert.deepEqual([taken, made.progress, ends], [["0", "1"], "", [["1", "2"]]]);
});

test("the last of too many, what is refused and what is not kept are told at the end", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { made, taken, ends, read } = pile();
  made.lay(pictures(22));
  made.refuse({ name: "damaged" });
  made.refuse({ name: "late" }); // as its steps are
  context.mock.timers.tick(2_000);
  assert.deepEqual(taken, ["0", "1"]);
  read({ name: "blank" });
  for (let i = 2; i < 20; i++) read();
  assert.equal(taken.length, 20);
  assert.deepEqual(ends, [["20 mostAtOnce", "21 mostAtOnce", "0 damaged", "1 blank"]]);
});

test("more are taken after those that wait", () => {
  const { made, taken, ends, read } = pile();
  made.lay(pictures(2));
  made.lay([{ name: "more" }]);
  for (let i = 0; i < 3; i++) read();
  assert.deepEqual([taken, ends], [["0", "1", "more"], [[]]]);
});
