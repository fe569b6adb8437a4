import assert from "node:assert/strict";
import test from "node:test";

import { typed } from "../../static/js/typed.js";

test("digits and signs are taken as any keyboard of the page's languages types them", () => {
  const taken = {
    "12.5": "12.5",
    "１２．５": "12.5",
    "٣٫٥": "3,5",
    "۴۵": "45",
    "४५": "45",
    "１，２３４": "1,234",
    "（３）％": "(3)%",
    "１０：３０": "10:30",
    "－７＋８／９": "-7+8/9",
    "３。５": "3.5",
    "١٬٠٠٠": "1,000",
    "١،٥": "1,5",
    "5—7": "5-7",
    "3x4*5": "3×4×5",
    "1⁄2": "1/2",
  };
  for (const [text, value] of Object.entries(taken)) assert.equal(typed(text), value);
});

test("all else is not", () => assert.equal(typed("a é字€;¿"), ""));
