import { picture } from "./paint.js";
import { PEN } from "./strokes.js";

const THUMB = 96; // pixels, the height of a thumbnail

// As a hand drew them: x, y, x, y … in hundredths of the pad's height, a list for each stroke.
const EXAMPLES = [
  { name: "exampleThree", width: PEN, ways: [arc(82, 36, 15, 13, -160, 90).concat(arc(82, 66, 19, 17, -90, 150))] },
  { name: "exampleSeven", width: PEN, ways: [[62, 22, 82, 22, 103, 21, 96, 38, 88, 57, 81, 79], [72, 51, 86, 50, 100, 49]] },
  { name: "exampleSmall", width: 0.02, ways: [arc(132, 80, 4, 5, -100, 230).concat([129, 84, 132, 88, 135, 92]), arc(132, 91, 4.5, 5, -70, 290)] },
  { name: "exampleNumber", width: 0.05, ways: [
    arc(21, 40, 8, 9, -20, 340).concat([29, 42, 28, 55, 25, 68]),
    [51, 32, 45, 45, 40, 56, 50, 56, 60, 56], [54, 44, 54, 56, 53, 70],
    arc(76, 41, 8, 9, -160, 80).concat(arc(76, 60, 9, 10, -80, 150)),
    arc(106, 51, 9, 19, -90, 275), [137, 33, 136, 50, 136, 69],
  ] },
  { name: "exampleNone", width: PEN, ways: [[60, 25, 75, 48, 105, 78], [104, 24, 85, 50, 60, 77]] },
];

/**
 * Fill a list with examples, each a button that calls `take` with its strokes. They are painted one
 * by one, when the page is there.
 */
export function showExamples(list, take) {
  for (const { name, width, ways } of EXAMPLES) {
    const strokes = ways.map((way) => ({ points: pointsOf(way), width, erases: false }));
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.label = name;
    setTimeout(() => button.append(picture(strokes, THUMB)));
    button.addEventListener("click", () => take(strokes));
    const item = document.createElement("li");
    item.append(button);
    list.append(item);
  }
}

function pointsOf(way) {
  return way.flatMap((x, i) => (i % 2 ? [] : [{ x: x / 100, y: way[i + 1] / 100 }]));
}

/** Part of an ellipse, angles in degrees, clockwise from the right. */
function arc(x, y, across, down, from, to) {
  const steps = Math.ceil(Math.abs(to - from) / 15);
  return Array.from({ length: steps + 1 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / steps) * Math.PI) / 180;
    return [x + across * Math.cos(angle), y + down * Math.sin(angle)];
  }).flat();
}
