export const LARGEST = 1600; // pixels, the longest side: the server reads no larger ones, only reduces them
const FEW = 64; // pixels, enough to tell a picture's paper by
const READ = ["png", "jpeg", "webp", "gif", "bmp", "tiff"].map((kind) => `image/${kind}`);

/**
 * A picture file as it is sent: reduced, upright, where it is large, and as a JPEG where the server
 * does not read its format. What the browser cannot open is left for the server to judge. Rejects
 * where there is nothing to read, as of a folder. It is read once: on the disk it may change.
 */
export async function prepare(original) {
  const { name, type } = original;
  const file = new File([await original.arrayBuffer()], name, { type });
  const bitmap = await createImageBitmap(file).catch(() => drawn(file));
  if (!bitmap) return file;
  const isSmall = Math.max(bitmap.width, bitmap.height) <= LARGEST;
  const isFit = isSmall && READ.includes(type);
  const sent = isFit ? file : await asJpeg(onPaper(bitmap, LARGEST), name);
  bitmap.close?.();
  return sent;
}

/** An SVG as an image: it is no bitmap, but can be drawn. Of another kind null. */
async function drawn(file) {
  if (file.type !== "image/svg+xml") return null;
  const image = new Image();
  image.src = URL.createObjectURL(file);
  await image.decode().catch(() => {});
  URL.revokeObjectURL(image.src);
  return image.naturalWidth ? image : null;
}

/** An image or a video's frame on paper, reduced to `longest` pixels: a canvas. */
export function onPaper(source, longest) {
  return onto((!source.videoWidth && paperOf(source)) || "white", source, longest);
}

/**
 * The paper that a transparent picture lies on, as the server takes it: that which its ink is seen on
 * or, where little is transparent, what the rest is like. Of an opaque one an empty string.
 */
export function paperOf(source) {
  const canvas = onto(null, source, FEW);
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let [ink, light] = [0, 0];
  for (let i = 0; i < data.length; i += 4) {
    ink += data[i + 3];
    light += (data[i + 3] * (data[i] + data[i + 1] + data[i + 2])) / 3;
  }
  const share = ink / 255 / (data.length / 4); // that is opaque
  if (share === 1) return "";
  return light > 128 * ink === share > 0.5 ? "white" : "black";
}

function onto(paper, source, longest) {
  const across = source.videoWidth ?? source.naturalWidth ?? source.width;
  const down = source.videoHeight ?? source.naturalHeight ?? source.height;
  const scale = Math.min(1, longest / Math.max(across, down));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(across * scale));
  canvas.height = Math.max(1, Math.round(down * scale));
  const context = canvas.getContext("2d", { alpha: !paper });
  context.fillStyle = paper ?? "transparent";
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
