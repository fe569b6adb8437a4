import assert from "node:assert/strict";
import test from "node:test";

import { percent } from "../../static/js/language.js";

test("shares are rounded down, and not by the way that a computer holds them", () => {
  assert.deepEqual([0.29, 0.57, 0.999].map((share) => percent(share, 0)), ["29%", "57%", "99%"]);
  assert.deepEqual([0.5, 0.99999, 1].map((share) => percent(share)), ["50.0%", "99.9%", "100.0%"]);
});
