const SMALL = 32; // pixels on the page: digits that are lower are shown again, larger
const MARGIN = 0.25; // of a row's height, what is shown around it
const HEIGHT = 40; // pixels, as style.css has it

/**
 * A row's own part of a picture, as a canvas, where its digits are small in `frame`, an element that
 * the picture is fitted into; else null. boxes: the digits', in pixels of the picture.
 */
export function crop(image, frame, boxes) {
  const { naturalWidth: across, naturalHeight: down } = image;
  const scale = Math.min(frame.clientWidth / across, frame.clientHeight / down);
  const left = Math.min(...boxes.map(({ x }) => x));
  const top = Math.min(...boxes.map(({ y }) => y));
  const width = Math.max(...boxes.map((box) => box.x + box.width)) - left;
  const height = Math.max(...boxes.map((box) => box.y + box.height)) - top;
  if (height * scale > SMALL || height > width) return null;
  const margin = height * MARGIN;
  const finer = (HEIGHT / (height + 2 * margin)) * devicePixelRatio;
  const canvas = document.createElement("canvas");
  canvas.width = (width + 2 * margin) * finer;
  canvas.height = HEIGHT * devicePixelRatio;
  canvas.ariaHidden = true;
  canvas.style.background = image.style.background; // of a transparent picture
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.scale(finer, finer);
  context.drawImage(image, margin - left, margin - top);
  return canvas;
}
