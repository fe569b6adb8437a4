const ZEROS = ["0", "٠", "۰", "०"];
const SIGNS = ".,-:/+×÷=()%"; // that a mark may be corrected to, or have put beside it; typed as:
const TYPED = {
  x: "×", "*": "×", "−": "-", "–": "-", "—": "-", "⁄": "/",
  "٪": "%", "٫": ",", "٬": ",", "،": ",", "。": ".",
};

/** What of a text is digits, in any of the page's languages, as 0 … 9, and SIGNS, wide ones too. */
export function typed(text) {
  const sign = (each) => TYPED[each] ?? (SIGNS.includes(each) ? each : "");
  return [...text.normalize("NFKC")].map((each) => latin(each) ?? sign(each)).join("");
}

/** A digit in any of the page's languages as 0 … 9, or undefined. */
function latin(character) {
  const value = ZEROS.map((zero) => character.codePointAt(0) - zero.codePointAt(0));
  return value.find((digit) => digit >= 0 && digit <= 9)?.toString();
}
