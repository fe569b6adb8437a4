import assert from "node:assert/strict";
import test from "node:test";

import { bounds, decode, encode } from "../../static/js/strokes.js";

const stroke = (points, rest = {}) => ({ points, width: 0.06, erases: false, ...rest });

test("strokes come back from a link, to a 500th of the pad", () => {
  const strokes = [
    stroke([{ x: 0.1, y: 0.2 }, { x: 0.104, y: 0.3 }, { x: 1.66, y: 1 }]),
    stroke([{ x: 0, y: 0, weight: 0.4 }, { x: 0.5, y: 0.5, weight: 1.6 }], { width: 0.15 }),
    stroke([{ x: -0.01, y: 1.02 }], { erases: true, width: 0.01 }),
  ];
  assert.deepEqual(decode(encode(strokes)), strokes);
});

test("any strokes come back, as many as a hand draws", () => {
  let seed = 1;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let round = 0; round < 50; round++) {
    const strokes = Array.from({ length: 1 + Math.floor(random() * 9) }, () =>
      stroke(
        Array.from({ length: 1 + Math.floor(random() * 200) }, () => ({
          x: Math.round(random() * 833) / 500,
          y: Math.round(random() * 500) / 500,
        })),
        { width: Math.round(random() * 75) / 500, erases: random() < 0.5 },
      ),
    );
    assert.deepEqual(decode(encode(strokes)), strokes);
  }
});

test("a drawing of a digit fits into a short link", () => {
  const points = Array.from({ length: 60 }, (_, i) => ({ x: 0.5 + Math.cos(i / 10) / 4, y: i / 60 }));
  assert.ok(encode([stroke(points)]).length < 260);
});

test("a stroke of an hour is kept, its resting pen once", () => {
  const points = Array.from({ length: 300_000 }, (_, i) => ({ x: Math.floor(i / 1000) / 500, y: 0.5 }));
  const [{ points: kept }] = decode(encode([stroke(points)]));
  assert.equal(kept.length, 300);
});

test("nothing is the empty text, which is no drawing", () => {
  assert.equal(encode([]), "");
  assert.equal(decode(""), null);
});

const far = btoa(String.fromCharCode(1, 120, ...Array(400).fill(255), 1, 2)).replaceAll("/", "_").replaceAll("+", "-").replaceAll("=", "");
for (const broken of ["x", "!!!!", "AAAA", "BQ", "_____w", "A".repeat(70_000), "BQwAAA=", far]) {
  test(`no strokes in ${broken.slice(0, 12)}`, () => assert.equal(decode(broken), null));
}

test("the box around ink holds the pen's width, and nothing of the eraser's", () => {
  const strokes = [
    stroke([{ x: 0.5, y: 0.5 }], { width: 0.1 }),
    stroke([{ x: 0.2, y: 0.3, weight: 2 }, { x: 0.4, y: 0.9 }], { width: 0.1 }),
    stroke([{ x: 0, y: 0 }, { x: 1, y: 1 }], { erases: true }),
  ];
  const found = Object.values(bounds(strokes)).map((edge) => Math.round(edge * 1000) / 1000);
  assert.deepEqual(found, [0.1, 0.2, 0.55, 0.95]);
});
