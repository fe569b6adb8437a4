// Strokes are data: lists of points {x, y} in units of the pad's side, 0 … 1.

export const PEN = 0.07; // width of a stroke, in units of the pad's side
const EXPORT = 160; // pixels, the side of the picture that is sent: eight for each of the digit's 20

/** Draw strokes with round ends, a quadratic curve through the midpoints between points. */
export function paint(context, strokes, side) {
  context.lineWidth = PEN * side;
  context.lineCap = context.lineJoin = "round";
  for (const points of strokes) {
    const at = points.map(({ x, y }) => [x * side, y * side]);
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
  canvas.width = canvas.height = EXPORT;
  const context = canvas.getContext("2d", { alpha: false });
  context.fillStyle = "white";
  context.fillRect(0, 0, EXPORT, EXPORT);
  context.strokeStyle = "black";
  paint(context, strokes, EXPORT);
  return canvas.toDataURL("image/png");
}
