import assert from "node:assert/strict";
import test from "node:test";

import { Corrections } from "../../static/js/corrections.js";

/** A digit as it is read, a new object each time. */
const read = (digit, x) => ({ digit, box: { x, y: 0, width: 10, height: 20 } });

test("what is read again in its place stays corrected, and nothing else is", () => {
  const corrections = new Corrections();
  const first = [read(1, 0), read(2, 20)];
  corrections.correct(first[1], "7", first);
  const again = [read(1, 0), read(2, 21), read(2, 40)];
  corrections.recall(again, false);
  assert.deepEqual(again.map(({ corrected }) => corrected), [undefined, "7", undefined]);
  corrections.forget();
  const other = [read(2, 20)];
  corrections.recall(other, false);
  assert.equal(other[0].corrected, undefined);
});

test("one that is missing is remembered only while the pen draws", () => {
  for (const isDrawing of [true, false]) {
    const corrections = new Corrections();
    const marks = [read(2, 20)];
    corrections.correct(marks[0], "7", marks);
    corrections.recall([read(3, 20)], isDrawing);
    const again = [read(2, 20)];
    corrections.recall(again, isDrawing);
    assert.equal(again[0].corrected, isDrawing ? "7" : undefined);
  }
});

test("the last one is taken back first, and one that was taken back is none", () => {
  const corrections = new Corrections();
  const marks = [read(1, 0), read(2, 20)];
  assert.equal(corrections.last(marks), null);
  for (const mark of marks) corrections.correct(mark, "7", marks);
  assert.equal(corrections.last(marks), marks[1]);
  corrections.correct(marks[0], "8", marks);
  assert.equal(corrections.last(marks), marks[0]);
  corrections.correct(marks[0], undefined, marks);
  assert.equal(corrections.last(marks), marks[1]);
});

test("what was undone is redone, the last first, until something else is corrected", () => {
  const corrections = new Corrections();
  const marks = [read(1, 0), read(2, 20)];
  const told = () => marks.map(({ corrected }) => corrected);
  corrections.correct(marks[0], "7", marks);
  corrections.correct(marks[1], "8", marks);
  for (const mark of [marks[1], marks[0]]) corrections.undo(mark, marks);
  assert.deepEqual([told(), corrections.canRedo], [[undefined, undefined], true]);
  assert.equal(corrections.redo(marks), marks[0]);
  assert.equal(corrections.redo([read(2, 20)]).corrected, "8"); // read anew
  assert.deepEqual([corrections.canRedo, corrections.redo(marks)], [false, null]);
  corrections.undo(marks[0], marks);
  corrections.correct(marks[1], "9", marks);
  assert.deepEqual([corrections.canRedo, told()], [false, [undefined, "9"]]);
});

test("what was undone is outdated where one has gone on in another way, or corrected", () => {
  const corrections = new Corrections();
  const [before, then] = [{}, {}];
  corrections.begin(before, undefined);
  const marks = [read(1, 0)];
  corrections.correct(marks[0], "7", marks);
  corrections.undo(marks[0], marks);
  corrections.begin(then, undefined);
  corrections.begin(before, then);
  assert.equal(corrections.canRedo, false);
  corrections.begin(before, undefined); // a stroke that was none: a pinch
  assert.equal(corrections.canRedo, true);
  corrections.begin(then, undefined);
  corrections.correct(marks[0], "9", marks);
  corrections.begin(before, undefined);
  assert.equal(corrections.canRedo, false);
});

test("to be undone is only what was corrected while this lay there", () => {
  const corrections = new Corrections();
  const [before, now] = [{}, {}];
  corrections.begin(before);
  const marks = [read(1, 0)];
  corrections.correct(marks[0], "7", marks);
  corrections.begin(now);
  assert.equal(corrections.lastHere(marks), null);
  assert.equal(corrections.last(marks), marks[0]);
  corrections.begin(before);
  assert.equal(corrections.lastHere(marks), marks[0]);
});
