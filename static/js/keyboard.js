import { t } from "./language.js";
import { ASPECT } from "./strokes.js";

const STEP = 0.04; // of the pad's height, one press of an arrow key
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * Draw on a pad by keyboard: arrows move the pen, Space puts it down and lifts it.
 * `cursor` is the element that shows where the pen is, `say` tells those who do not see it.
 */
export function drawByKeyboard(pad, drawing, easel, canvas, cursor, say) {
  let pen = { x: ASPECT / 2, y: 0.2 };

  const show = () => {
    cursor.hidden = Boolean(easel.file);
    cursor.style.left = `${(100 * pen.x) / ASPECT}%`;
    cursor.style.top = `${100 * pen.y}%`;
    cursor.classList.toggle("down", drawing.isDrawing);
  };

  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || easel.file) return;
    if (event.key === " ") {
      if (event.repeat) return event.preventDefault();
      drawing.isDrawing ? drawing.end() : drawing.begin(pad.pen, pen);
      say(t(drawing.isDrawing ? "penDown" : "penLifted"));
    } else if (event.key in ARROWS) {
      const [right, below] = ARROWS[event.key];
      pen = { x: within(pen.x + right * STEP, ASPECT), y: within(pen.y + below * STEP, 1) };
      drawing.extend(pen);
    } else if (event.key === "Delete") {
      drawing.clear();
    } else {
      return;
    }
    event.preventDefault();
    show();
  });

  canvas.addEventListener("focus", () => canvas.matches(":focus-visible") && show());
  canvas.addEventListener("pointerdown", () => (cursor.hidden = true));
  canvas.addEventListener("blur", () => {
    drawing.end();
    cursor.hidden = true;
  });
}

function within(value, limit) {
  return Math.min(limit, Math.max(0, value));
}
