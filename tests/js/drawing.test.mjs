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

test("a stroke that is cancelled leaves no step behind, and takes none away", () => {
  const drawing = drawn(1, 3);
  drawing.undo();
  drawing.begin(PEN, { x: 2, y: 0 });
  drawing.cancel();
  assert.deepEqual(starts(drawing), [1]);
  drawing.redo();
  assert.deepEqual(starts(drawing), [1, 3]);
  drawing.undo();
  drawing.undo();
  assert.deepEqual(starts(drawing), []);
});

test("a drawing keeps its id as it grows and through undo, and another has another", () => {
  const drawing = drawn(1);
  const { id } = drawing;
  drawing.begin(PEN, { x: 2, y: 0 });
  drawing.end();
  assert.equal(drawing.id, id);
  const example = { width: 0.06, erases: false, points: [{ x: 5, y: 5 }] };
  drawing.borrow([example], 7);
  assert.equal(drawing.id, 7);
  assert.ok(drawing.isBorrowed);
  drawing.begin(PEN, { x: 3, y: 0 }); // one's own from here on
  assert.ok(![7, id].includes(drawing.id));
  assert.ok(!drawing.isBorrowed);
  drawing.undo();
  drawing.undo();
  assert.equal(drawing.id, id);
  drawing.clear();
  assert.notEqual(drawing.id, id);
});

test("every change is announced, and whether a stroke only grew", () => {
  const drawing = new Drawing();
  const [grown, others] = [[], []];
  drawing.addEventListener("change", ({ detail }) => {
    grown.push(detail.grown?.points.length ?? null);
    others.push(detail.isOther);
  });
  drawing.begin(PEN, { x: 1, y: 0 });
  drawing.extend({ x: 1, y: 0.5 }, { x: 1, y: 1 });
  let rests = 0;
  drawing.addEventListener("rest", () => rests++);
  drawing.end();
  drawing.end();
  assert.equal(rests, 1);
  drawing.undo();
  drawing.undo();
  assert.deepEqual(grown, [null, 3, null]);
  assert.deepEqual(others, [false, false, true]);
});

test("many steps do not grow without bound", () => {
  const drawing = drawn(...Array(1000).keys());
  let steps = 0;
  for (; drawing.canUndo; steps++) drawing.undo();
  assert.ok(steps < 500);
});

test("a picture lies over the strokes, and putting it away is a step like any other", () => {
  const drawing = drawn(1);
  const picture = { file: {}, id: 7, isKnown: false };
  drawing.cover(picture);
  assert.deepEqual(starts(drawing), [1]);
  drawing.know();
  assert.ok(drawing.picture.isKnown && !drawing.isKnown);
  drawing.cover(null);
  assert.equal(drawing.picture, null);
  drawing.cover(null); // no step: there is none
  drawing.undo();
  assert.equal(drawing.picture, picture);
  drawing.clear();
  assert.deepEqual([starts(drawing), drawing.picture], [[], null]);
  drawing.undo();
  assert.deepEqual([starts(drawing), drawing.picture], [[1], picture]);
});
