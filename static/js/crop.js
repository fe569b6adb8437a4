const SMALL = 32; // pixels on the page: digits that are lower are shown again, larger
const MARGIN = 0.25; // of a row's height, what is shown around its digits
const SIGN = 1.5; // the same beside a sign, of which no box is told
const HEIGHT = 40; // pixels, as style.css has it

/** Whether the digits of a row of marks are small where an image is shown, fitted into its parent. */
export function isSmall(image, row) {
  const { naturalWidth: across, naturalHeight: down, parentElement: frame } = image;
  const { width, height } = around(row);
  const scale = Math.min(frame.clientWidth / across, frame.clientHeight / down);
  return height * scale <= SMALL && height <= width;
}

/** A row of marks' own part of an image, as a canvas. */
export function crop(image, row) {
  const { left, top, width, height } = around(row);
  const [before, behind] = [row[0], row.at(-1)].map(({ sign }) => height * (sign ? SIGN : MARGIN));
  const margin = height * MARGIN;
  const finer = (HEIGHT / (height + 2 * margin)) * devicePixelRatio;
  const canvas = document.createElement("canvas");
  canvas.width = (before + width + behind) * finer;
  canvas.height = HEIGHT * devicePixelRatio;
  canvas.ariaHidden = true;
  canvas.style.background = image.style.background; // of a transparent picture
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.scale(finer, finer);
  context.drawImage(image, before - left, margin - top);
  return canvas;
}

/** What the boxes of a row's digits cover, in pixels of the picture. */
function around(row) {
  const boxes = row.flatMap(({ box }) => box ?? []);
  const left = Math.min(...boxes.map(({ x }) => x));
  const top = Math.min(...boxes.map(({ y }) => y));
  const width = Math.max(...boxes.map((box) => box.x + box.width)) - left;
  const height = Math.max(...boxes.map((box) => box.y + box.height)) - top;
  return { left, top, width, height };
}
