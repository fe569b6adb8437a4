import { percent, t } from "./language.js";
import { isCorrected } from "./marks.js";
import { sharesOf } from "./results.js";
import { inWords } from "./words.js";

const HEIGHT = 480; // pixels, of the picture, and the least width of what was read in it
const MARGIN = 32;
const LINE = 36; // from bar to bar, and from line to line of the sentence
const ROW = 44; // from number to number
const SENTENCE = "600 28px";
const NUMBER = "700 40px";
const COLOURS = { page: "#ffffff", text: "#171a24", quiet: "#565d70", track: "#e6e9f2", bar: "#3457d5" };

/** A picture and what was read in it side by side: a canvas. `source` is a canvas. */
export function card(source, reading) {
  const { width: across, height: down } = source;
  const scale = Math.min(HEIGHT / down, (1.7 * HEIGHT) / across);
  const left = across * scale + 2 * MARGIN;
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { alpha: false });
  const widthOf = (text, font) => {
    context.font = `${font} system-ui, sans-serif`;
    return context.measureText(text).width;
  };
  const rows = reading.probabilities ? [] : reading.number.split("\n");
  const width = Math.max(HEIGHT, ...rows.map((row) => widthOf(row, NUMBER)));
  const sentence = inLines(inWords(reading), (text) => widthOf(text, SENTENCE) <= width);
  const below = MARGIN + LINE * (sentence.length + 1); // of the sentence, and of how sure that is
  const height = Math.max(HEIGHT, below + (ROW * rows.length || 11 * LINE) - MARGIN) + 2 * MARGIN;
  Object.assign(canvas, { width: left + width + MARGIN, height });
  context.fillStyle = COLOURS.page;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(source, MARGIN, MARGIN, across * scale, down * scale);
  context.strokeStyle = COLOURS.track;
  context.strokeRect(MARGIN, MARGIN, across * scale, down * scale);
  const write = (text, x, y, font, colour = COLOURS.text, direction = "ltr") => {
    Object.assign(context, { font: `${font} system-ui, sans-serif`, fillStyle: colour });
    Object.assign(context, { direction, textAlign: "left" });
    context.fillText(text, x, y, canvas.width - x - MARGIN);
  };
  const { dir } = document.documentElement;
  sentence.forEach((line, i) => write(line, left, MARGIN + 30 + LINE * i, SENTENCE, COLOURS.text, dir));
  write(howSure(reading), left, below - 4, "24px", COLOURS.quiet);
  rows.forEach((row, i) => write(row, left, below + ROW * (i + 1), NUMBER, COLOURS.bar));
  if (rows.length) return canvas;
  sharesOf(reading).forEach((share, digit) => {
    const top = below + 24 + digit * LINE;
    write(String(digit), left, top + 20, "600 22px");
    context.fillStyle = COLOURS.track;
    context.fillRect(left + 30, top, HEIGHT - 140, 24);
    context.fillStyle = COLOURS.bar;
    context.fillRect(left + 30, top, (HEIGHT - 140) * share, 24);
    write(percent(share), left + HEIGHT - 100, top + 20, "20px", COLOURS.quiet);
  });
  return canvas;
}

/** The share, but of what was corrected altogether. */
function howSure({ confidence, marks }) {
  const isRead = marks.some((mark) => !mark.sign && !isCorrected(mark));
  const parts = [isRead && percent(confidence), marks.some(isCorrected) && t("corrected")];
  return parts.filter(Boolean).join(" · ");
}

/** A sentence in lines, each as long as `fits` allows. */
function inLines(sentence, fits) {
  const lines = [];
  for (const word of sentence.split(" ")) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && fits(longer)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
