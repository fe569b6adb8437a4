import { percent } from "./language.js";
import { inWords } from "./words.js";

const HEIGHT = 480; // pixels
const MARGIN = 32;
const LINE = 36; // from bar to bar
const COLOURS = { page: "#ffffff", text: "#171a24", quiet: "#565d70", track: "#e6e9f2", bar: "#3457d5" };

/** A picture and what was read in it side by side: a canvas. `source` is a canvas or an image. */
export function card(source, reading) {
  const [across, down] = [source.naturalWidth ?? source.width, source.naturalHeight ?? source.height];
  const scale = Math.min(HEIGHT / down, (1.7 * HEIGHT) / across);
  const left = across * scale + 2 * MARGIN;
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: left + HEIGHT + MARGIN, height: HEIGHT + 2 * MARGIN });
  const context = canvas.getContext("2d", { alpha: false });
  context.fillStyle = COLOURS.page;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(source, MARGIN, MARGIN, across * scale, down * scale);
  context.strokeStyle = COLOURS.track;
  context.strokeRect(MARGIN, MARGIN, across * scale, down * scale);
  const write = (text, x, y, font, colour = COLOURS.text) => {
    context.font = `${font} system-ui, sans-serif`;
    context.fillStyle = colour;
    context.fillText(text, x, y, canvas.width - x - MARGIN);
  };
  write(inWords(reading), left, MARGIN + 30, "600 28px");
  write(percent(reading.confidence), left, MARGIN + 68, "24px", COLOURS.quiet);
  if (!reading.probabilities) {
    const rows = reading.number.split("\n").slice(0, 8);
    rows.forEach((row, i) => write(row, left, MARGIN + 140 + 44 * i, "700 40px", COLOURS.bar));
    return canvas;
  }
  const certainty = reading.confidence / reading.top[0].probability;
  reading.probabilities.forEach((probability, digit) => {
    const top = MARGIN + 104 + digit * LINE;
    write(String(digit), left, top + 20, "600 22px");
    context.fillStyle = COLOURS.track;
    context.fillRect(left + 30, top, HEIGHT - 140, 24);
    context.fillStyle = COLOURS.bar;
    context.fillRect(left + 30, top, (HEIGHT - 140) * probability * certainty, 24);
    write(percent(probability * certainty), left + HEIGHT - 100, top + 20, "20px", COLOURS.quiet);
  });
  return canvas;
}
