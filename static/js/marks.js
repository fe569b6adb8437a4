/**
 * What can be corrected of a reading, in reading order: its digits, and its signs as {sign, row, after,
 * before}, the digits of its row on either side of it, or null. What one was corrected to is its
 * `corrected`.
 */
export function marksOf({ number, digits }) {
  const waiting = [...digits];
  const ofRow = (text, row) => {
    const marks = [...text].map((each) => (/[\d?]/.test(each) ? waiting.shift() : { sign: each, row }));
    for (const [place, mark] of marks.entries()) {
      if (!mark.sign) continue;
      mark.after = marks.slice(0, place).findLast(({ sign }) => !sign) ?? null;
      mark.before = marks.slice(place).find(({ sign }) => !sign) ?? null;
    }
    return marks;
  };
  return number.split("\n").flatMap(ofRow);
}

/** What the network takes a mark for. */
export function readAs({ sign, digit, verdict }) {
  return sign ?? (verdict === "not_a_digit" ? "?" : String(digit));
}

export function isCorrected({ corrected }) {
  return corrected !== undefined;
}

/** Whether it is a digit that may be another, or none. */
export function isDoubtful(mark) {
  return !mark.sign && !isCorrected(mark) && mark.verdict !== "digit";
}

/** Whether a mark is read where another was and as that was, as when one more is written. */
export function isAgain(one, other) {
  if (!one || !other) return one === other;
  if (one.sign !== other.sign) return false;
  if (one.sign) return isAgain(one.after, other.after) && isAgain(one.before, other.before);
  return one.digit === other.digit && share(one.box, other.box) > 0.5;
}

/** The area of two boxes that is of both, as a share of all of it. */
function share(one, other) {
  const along = (at, size) =>
    Math.max(0, Math.min(one[at] + one[size], other[at] + other[size]) - Math.max(one[at], other[at]));
  const both = along("x", "width") * along("y", "height");
  return both / (one.width * one.height + other.width * other.height - both || 1);
}
