import assert from "node:assert/strict";
import test from "node:test";

import { Drawing } from "../../static/js/drawing.js";

const PEN = { width: 0.06, erases: false };

function drawn(...starts) {
  const drawing = new Drawing();
  for (const x of starts) {
    drawing.begin(PEN, { x, y: 0 });
    drawing.extend({ x, y: 1 });
    drawing.end();
  }
  return drawing;
}

const starts = (drawing) => drawing.strokes.map(({ points }) => points[0].x);

test("undo and redo go through all steps, of which clear is one", () => {
  const drawing = drawn(1, 2);
  drawing.clear();
  assert.deepEqual(starts(drawing), []);
  const seen = [];
  while (drawing.canUndo) {
    drawing.undo();
    seen.push(starts(drawing));
  }
  assert.deepEqual(seen, [[1, 2], [1], []]);
  while (drawing.canRedo) drawing.redo();
  assert.deepEqual(starts(drawing), []);
});

test("a new stroke forgets what was undone", () => {
  const drawing = drawn(1, 2);
  drawing.undo();
  drawing.begin(PEN, { x: 3, y: 0 });
  assert.deepEqual(starts(drawing), [1, 3]);
  assert.ok(!drawing.canRedo);
});

test("undo takes a stroke that is being drawn, and what the pen still does is lost", () => {
  const drawing = drawn(1);
  drawing.begin(PEN, { x: 2, y: 0 });
  drawing.undo();
  drawing.extend({ x: 2, y: 1 });
  drawing.end();
  assert.deepEqual(starts(drawing), [1]);
  assert.equal(drawing.strokes[0].points.length, 2);
});

test("a stroke that is cancelled leaves no step behind", () => {
  const drawing = drawn(1);
  drawing.begin(PEN, { x: 2, y: 0 });
  drawing.cancel();
  assert.deepEqual(starts(drawing), [1]);
  assert.ok(!drawing.canRedo);
  drawing.undo();
  assert.deepEqual(starts(drawing), []);
});

test("every change is announced, and whether a stroke only grew", () => {
  const drawing = new Drawing();
  const grown = [];
  drawing.addEventListener("change", ({ detail }) => grown.push(detail?.points.length ?? null));
  drawing.begin(PEN, { x: 1, y: 0 });
  drawing.extend({ x: 1, y: 0.5 }, { x: 1, y: 1 });
  drawing.end();
  drawing.undo();
  drawing.undo();
  assert.deepEqual(grown, [null, 3, null, null]);
});

test("many steps do not grow without bound", () => {
  const drawing = drawn(...Array(1000).keys());
  let steps = 0;
  for (; drawing.canUndo; steps++) drawing.undo();
  assert.ok(steps < 500);
});
