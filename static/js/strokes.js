// Strokes are data: {points, width, erases}. A point is {x, y} and, where the pen pressed, its
// weight (1 where it is left out). Lengths are in units of the pad's height: y 0 … 1, x 0 … ASPECT.

export const ASPECT = 5 / 3; // of the pad, width to height: room for a postcode
export const PEN = 0.06; // width of a stroke, unless another is chosen
const FINE = 500; // steps of a link's coordinates to the pad's height
const WEIGHTS = 20; // steps of a link's weights to 1
const FARTHEST = 10; // of the pad's height: no stroke lies beyond

/** The box around all ink, erased or not: {left, top, right, bottom}. */
export function bounds(strokes) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { points, width } of strokes.filter(({ erases }) => !erases)) {
    for (const { x, y, weight = 1 } of points) {
      const reach = (width * weight) / 2;
      [left, right] = [Math.min(left, x - reach), Math.max(right, x + reach)];
      [top, bottom] = [Math.min(top, y - reach), Math.max(bottom, y + reach)];
    }
  }
  return { left, top, right, bottom };
}

/** Strokes as text for a link: differences in as few bytes as they need, in base64url. */
export function encode(strokes) {
  const numbers = [];
  for (const { points, width, erases } of strokes) {
    const isEven = points.every(({ weight = 1 }) => weight === 1);
    const fine = points.map(({ x, y, weight = 1 }) => [Math.round(x * FINE), Math.round(y * FINE), weight]);
    const apart = fine.filter(([x, y], i) => !i || x !== fine[i - 1][0] || y !== fine[i - 1][1]);
    numbers.push(apart.length, Math.round(width * FINE) * 4 + (erases ? 2 : 0) + (isEven ? 0 : 1));
    let [left, top] = [0, 0];
    for (const [x, y, weight] of apart) {
      numbers.push(folded(x - left), folded(y - top));
      if (!isEven) numbers.push(Math.round(weight * WEIGHTS));
      [left, top] = [x, y];
    }
  }
  const text = btoa(numbers.flatMap(bytesOf).map((byte) => String.fromCharCode(byte)).join(""));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The strokes of such a text, or null where it holds none. */
export function decode(text) {
  if (!/^[\w-]+$/.test(text) || text.length % 4 === 1) return null;
  const numbers = numbersOf(atob(text.replaceAll("-", "+").replaceAll("_", "/")));
  const strokes = [];
  for (let at = 0; at < numbers.length; ) {
    const [count, kind] = [numbers[at], numbers[at + 1]];
    const each = kind & 1 ? 3 : 2;
    const end = at + 2 + count * each;
    if (!(count > 0) || !(end <= numbers.length)) return null;
    const points = [];
    let [column, row] = [0, 0];
    for (at += 2; at < end; at += each) {
      [column, row] = [column + unfolded(numbers[at]), row + unfolded(numbers[at + 1])];
      const weight = each === 3 && { weight: numbers[at + 2] / WEIGHTS };
      points.push({ x: column / FINE, y: row / FINE, ...weight });
    }
    const isNear = points.every(({ x, y, weight = 1 }) => Math.max(Math.abs(x), Math.abs(y), weight) < FARTHEST);
    if (!isNear) return null;
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
