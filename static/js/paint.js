import { ASPECT, bounds } from "./strokes.js";

/** The pad in pixels, for what is told of places on it. */
export const PAD = { width: Math.round(160 * ASPECT), height: 160 };
const INK = 72; // pixels, the height of the ink that is sent, were it drawn small or large
const ZOOM = [72, 480]; // pixels that the pad's height comes to, at least and at most
const DOT = 1e-4; // of the pad's height: a stroke without any length leaves no ink in Chromium
const MARGIN = 18; // pixels, the paper around it
const BEYOND = 0.1; // of the pad's height: a broad pen's ink at its edge is sent whole

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
  const isDot = points.every(({ x, y }) => x === points[0].x && y === points[0].y);
  let weight = null; // of the path that is begun: one for all points where the pen pressed evenly
  for (let i = Math.max(0, from - 1); i < points.length; i++) {
    const [here, next] = [points[i], points[i + 1]];
    const start = i ? middle(points[i - 1], here) : here;
    const end = next ? middle(here, next) : isDot ? { x: here.x + DOT, y: here.y } : here;
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

/** Strokes on paper, as a new canvas: the whole pad, `height` pixels high, or a frame of it. */
export function picture(strokes, height, colours = BLACK, frame = whole(height)) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: frame.width, height: frame.height });
  const context = canvas.getContext("2d", { alpha: false });
  context.fillStyle = colours.paper;
  context.fillRect(0, 0, frame.width, frame.height);
  context.translate(-frame.x, -frame.y);
  paint(context, strokes, height, colours);
  return canvas;
}

const BLACK = { ink: "black", paper: "white" };

function whole(height) {
  return { x: 0, y: 0, width: Math.round(height * ASPECT), height };
}

/**
 * The strokes to be read, black on white whatever the page's colours: a PNG of their ink with paper
 * around it, as a data: URL, and how to find a box of it on the PAD.
 */
export function draw(strokes) {
  const { zoom, ...frame } = frameOf(strokes);
  const scale = PAD.height / zoom;
  return {
    image: picture(strokes, zoom, BLACK, frame).toDataURL("image/png"),
    onPad: ({ x, y, width, height }) => {
      const left = onto((frame.x + x) * scale, PAD.width);
      const top = onto((frame.y + y) * scale, PAD.height);
      const right = onto((frame.x + x + width) * scale, PAD.width);
      const bottom = onto((frame.y + y + height) * scale, PAD.height);
      return { x: left, y: top, width: right - left, height: bottom - top };
    },
  };
}

/** The whole pixel nearest to one, from 0 to that many. */
function onto(pixel, most) {
  return Math.round(Math.min(most, Math.max(0, pixel)));
}

/**
 * The part of the pad that is sent, and a little beyond: its box in pixels, of which the pad's height
 * is `zoom`.
 */
function frameOf(strokes) {
  const { left, top, right, bottom } = bounds(strokes);
  const zoom = Math.round(Math.min(ZOOM[1], Math.max(ZOOM[0], INK / (bottom - top))));
  const beyond = BEYOND * zoom + MARGIN;
  const within = (edge, most) => Math.round(Math.min(most + beyond, Math.max(-beyond, edge)));
  const x = within(left * zoom - MARGIN, ASPECT * zoom);
  const y = within(top * zoom - MARGIN, zoom);
  const width = within(right * zoom + MARGIN, ASPECT * zoom) - x;
  const height = within(bottom * zoom + MARGIN, zoom) - y;
  return { zoom, x, y, width: Math.max(1, width), height: Math.max(1, height) };
}
