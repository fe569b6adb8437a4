export const LARGEST = 1600; // pixels, the longest side: the server reads no larger ones, only reduces them
const READ = ["png", "jpeg", "webp", "gif", "bmp", "tiff"].map((kind) => `image/${kind}`);

/**
 * A picture file as it is sent: reduced, upright, where it is large, and as a JPEG where the server
 * does not read its format. What the browser cannot open is left for the server to judge.
 */
export async function prepare(file) {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return file;
  const isSmall = Math.max(bitmap.width, bitmap.height) <= LARGEST;
  const isFit = isSmall && READ.includes(file.type);
  const sent = isFit ? file : await asJpeg(onPaper(bitmap, LARGEST), file.name);
  bitmap.close();
  return sent;
}

/** An image or a video's frame on white paper, reduced to `longest` pixels: a canvas. */
export function onPaper(source, longest) {
  const across = source.videoWidth ?? source.naturalWidth ?? source.width;
  const down = source.videoHeight ?? source.naturalHeight ?? source.height;
  const scale = Math.min(1, longest / Math.max(across, down));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(across * scale));
  canvas.height = Math.max(1, Math.round(down * scale));
  const context = canvas.getContext("2d", { alpha: false });
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** A canvas as a JPEG File of this name. */
export async function asJpeg(canvas, name = "") {
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.92));
  return new File([blob], name, { type: blob.type });
}
