// Strokes are data: {points, width, erases}. A point is {x, y} and, where the pen pressed, its
// weight (1 where it is left out). Lengths are in units of the pad's height: y 0 … 1, x 0 … ASPECT.

export const ASPECT = 5 / 3; // of the pad, width to height: room for a postcode
export const PEN = 0.06; // width of a stroke, unless another is chosen
const FINE = 500; // steps of a link's coordinates to the pad's height
const WEIGHTS = 20; // steps of a link's weights to 1
const LONGEST = 60_000; // characters of a link that is read

/** Strokes as text for a link: differences in as few bytes as they need, in base64url. */
export function encode(strokes) {
  const numbers = [];
  for (const { points, width, erases } of strokes) {
    const isEven = points.every(({ weight = 1 }) => weight === 1);
    numbers.push(points.length, Math.round(width * FINE) * 4 + (erases ? 2 : 0) + (isEven ? 0 : 1));
    let [left, top] = [0, 0];
    for (const { x, y, weight = 1 } of points) {
      const [column, row] = [Math.round(x * FINE), Math.round(y * FINE)];
      numbers.push(folded(column - left), folded(row - top));
      if (!isEven) numbers.push(Math.round(weight * WEIGHTS));
      [left, top] = [column, row];
    }
  }
  const text = btoa(String.fromCharCode(...numbers.flatMap(bytesOf)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The strokes of a link, or null where it holds none. */
export function decode(text) {
  if (!/^[\w-]+$/.test(text) || text.length % 4 === 1 || text.length > LONGEST) return null;
  const numbers = numbersOf(atob(text.replaceAll("-", "+").replaceAll("_", "/")));
  const strokes = [];
  while (numbers.length) {
    const [count, kind] = numbers.splice(0, 2);
    const each = kind & 1 ? 3 : 2;
    if (!(count > 0) || numbers.length < count * each) return null;
    const points = [];
    let [column, row] = [0, 0];
    for (let i = 0; i < count; i++) {
      const [right, down, weight] = numbers.splice(0, each);
      [column, row] = [column + unfolded(right), row + unfolded(down)];
      points.push({ x: column / FINE, y: row / FINE, ...(weight && { weight: weight / WEIGHTS }) });
    }
    strokes.push({ points, width: (kind >> 2) / FINE, erases: Boolean(kind & 2) });
  }
  return strokes.length ? strokes : null;
}

/** Small numbers of either sign as small ones without: 0, -1, 1, -2 … are 0, 1, 2, 3 … */
function folded(number) {
  return number < 0 ? -2 * number - 1 : 2 * number;
}

function unfolded(number) {
  return number % 2 ? -(number + 1) / 2 : number / 2;
}

/** Seven bits a byte, the eighth says that more follow. */
function bytesOf(number) {
  return number < 128 ? [number] : [(number % 128) | 128, ...bytesOf(Math.floor(number / 128))];
}

function numbersOf(bytes) {
  const numbers = [];
  let [number, place] = [0, 1];
  for (const byte of bytes) {
    const code = byte.charCodeAt(0);
    number += (code % 128) * place;
    place *= 128;
    if (code >= 128) continue;
    numbers.push(number);
    [number, place] = [0, 1];
  }
  return numbers;
}
