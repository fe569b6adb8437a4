// Strokes are data: lists of points {x, y} in units of the pad's height: y 0 … 1, x 0 … ASPECT.

export const ASPECT = 5 / 3; // of the pad, width to height: room for a postcode
export const SENT = { width: Math.round(160 * ASPECT), height: 160 }; // pixels of the picture that is sent
const PEN = 0.06; // width of a stroke, in units of the pad's height

/** Draw strokes with round ends, a quadratic curve through the midpoints between points. */
export function paint(context, strokes, height) {
  context.lineWidth = PEN * height;
  context.lineCap = context.lineJoin = "round";
  for (const points of strokes) {
    const at = points.map(({ x, y }) => [x * height, y * height]);
    const last = at.at(-1);
    context.beginPath();
    context.moveTo(...at[0]);
    for (let i = 1; i < at.length - 1; i++) {
      context.quadraticCurveTo(...at[i], (at[i][0] + at[i + 1][0]) / 2, (at[i][1] + at[i + 1][1]) / 2);
    }
    context.lineTo(...last);
    context.stroke();
  }
}

/** The strokes as a PNG, black on white whatever the page's colours: a data: URL. */
export function draw(strokes) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, SENT);
  const context = canvas.getContext("2d", { alpha: false });
  context.fillStyle = "white";
  context.fillRect(0, 0, SENT.width, SENT.height);
  context.strokeStyle = "black";
  paint(context, strokes, SENT.height);
  return canvas.toDataURL("image/png");
}
