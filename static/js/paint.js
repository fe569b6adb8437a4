import { ASPECT } from "./strokes.js";

export const SENT = { width: Math.round(160 * ASPECT), height: 160 }; // pixels of the picture that is sent

/** Paint strokes in order, on a context whose canvas is `height` pixels high for the pad's height. */
export function paint(context, strokes, height, colours) {
  for (const stroke of strokes) paintStroke(context, stroke, height, colours);
}

/**
 * Paint one stroke, from the point numbered `from` on: curves through the middles between points,
 * each as wide as the pen was there, with round ends. An eraser paints paper, or nothing at all
 * where no paper is given.
 */
export function paintStroke(context, { points, width, erases }, height, { ink, paper }, from = 0) {
  context.save();
  context.lineCap = context.lineJoin = "round";
  context.strokeStyle = erases && paper ? paper : ink;
  if (erases && !paper) context.globalCompositeOperation = "destination-out";
  let weight = null; // of the path that is begun: one for all points where the pen pressed evenly
  for (let i = Math.max(0, from - 1); i < points.length; i++) {
    const [here, next] = [points[i], points[i + 1]];
    const start = i ? middle(points[i - 1], here) : here;
    const end = next ? middle(here, next) : here;
    if (weight !== (here.weight ?? 1)) {
      if (weight !== null) context.stroke();
      weight = here.weight ?? 1;
      context.lineWidth = width * height * weight;
      context.beginPath();
      context.moveTo(start.x * height, start.y * height);
    }
    context.quadraticCurveTo(here.x * height, here.y * height, end.x * height, end.y * height);
  }
  if (weight !== null) context.stroke();
  context.restore();
}

function middle(one, other) {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
}

/** Strokes on paper, as a new canvas `height` pixels high. */
export function picture(strokes, height, colours = { ink: "black", paper: "white" }) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: Math.round(height * ASPECT), height });
  const context = canvas.getContext("2d", { alpha: false });
  context.fillStyle = colours.paper;
  context.fillRect(0, 0, canvas.width, height);
  paint(context, strokes, height, colours);
  return canvas;
}

/** The strokes as a PNG to be read, black on white whatever the page's colours: a data: URL. */
export function draw(strokes) {
  return picture(strokes, SENT.height).toDataURL("image/png");
}
