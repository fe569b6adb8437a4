import { storage } from "./storage.js";
import { STRINGS } from "./strings.js";

const KEPT = "language"; // the name under which the browser keeps what was chosen

/** Each language by its code, in its own words. */
export const LANGUAGES = STRINGS.languageName;

let language = "en";

/** The language to begin with: as chosen before, else the first of the browser's that there is. */
export function preferred() {
  const wanted = [storage.get(KEPT), ...navigator.languages].filter(Boolean);
  return wanted.map((tag) => tag.split("-")[0]).find((code) => code in LANGUAGES) ?? "en";
}

/** Speak a language from now on, on the page as it stands and in what is asked for with t. */
export function speak(code) {
  language = code;
  document.documentElement.lang = code;
  document.documentElement.dir = code === "ar" ? "rtl" : "ltr";
  for (const element of document.querySelectorAll("[data-text]")) {
    const text = t(element.dataset.text);
    if (element.textContent !== text) element.textContent = text; // the page comes in English
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.ariaLabel = t(element.dataset.label);
  }
  for (const element of document.querySelectorAll("[data-alt]")) {
    element.alt = t(element.dataset.alt);
  }
  document.title = t("title");
}

export function choose(code) {
  speak(code);
  storage.set(KEPT, code);
}

/** A string of the table in the page's language, its {names} filled in. */
export function t(key, values = {}) {
  const text = STRINGS[key][language] ?? STRINGS[key].en;
  const english = (a, name) => (String(values[name]) === "8" ? "an " : a);
  const said = language === "en" ? text.replace(/\ba (?=\{(\w+)\})/g, english) : text;
  return said.replace(/\{(\w+)\}/g, (_, name) => apart(written(values[name])));
}

/** A fraction as the language writes it; anything else as it is. */
function written(value) {
  const isFraction = typeof value === "number" && !Number.isInteger(value);
  return isFraction ? value.toLocaleString(`${language}-u-nu-latn`) : value;
}

/** In a text from right to left, 12-5 would read 5-12 but for Unicode's isolates round it. */
function apart(value) {
  return language === "ar" && !/^\d*$/.test(value) ? isolate(value) : value;
}

/** A text in which nothing turns what is around it, from right to left or back. */
export function isolate(text) {
  return `\u2068${text}\u2069`;
}

/** Rounded down, so that only certainty reads 100 %. */
export function percent(share, decimals = 1) {
  const name = `${language} ${decimals}`;
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const options = { style: "percent", roundingMode: "floor", ...digits };
  formats[name] ??= new Intl.NumberFormat(`${language}-u-nu-latn`, options);
  return formats[name].format(share);
}

const formats = {}; // they take longer to make than to use

/** When something was, as the language writes it. */
export function moment(time) {
  const format = { dateStyle: "medium", timeStyle: "short" };
  return new Intl.DateTimeFormat(`${language}-u-nu-latn`, format).format(time);
}
