const STEP = 0.04; // of the pad's side, one press of an arrow key
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Draw on a pad by keyboard: arrows move the pen, Space puts it down and lifts it. */
export function drawByKeyboard(pad, canvas, cursor) {
  let pen = { x: 0.5, y: 0.2 };
  let down = false;

  const show = () => {
    cursor.hidden = false;
    cursor.style.left = `${100 * pen.x}%`;
    cursor.style.top = `${100 * pen.y}%`;
    cursor.classList.toggle("down", down);
  };

  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " ") {
      down = !down;
      if (down) pad.begin(pen);
    } else if (event.key in ARROWS) {
      const [right, below] = ARROWS[event.key];
      pen = { x: within(pen.x + right * STEP), y: within(pen.y + below * STEP) };
      if (down && pad.strokes.length) pad.extend(pen);
    } else if (event.key === "Delete") {
      down = false;
      pad.clear();
    } else {
      return;
    }
    event.preventDefault();
    show();
  });

  for (const lift of ["blur", "pointerdown"]) {
    canvas.addEventListener(lift, () => {
      down = false;
      cursor.hidden = true;
    });
  }
}

function within(value) {
  return Math.min(1, Math.max(0, value));
}
