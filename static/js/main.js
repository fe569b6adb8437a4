import { drawByKeyboard } from "./keyboard.js";
import { NumberView } from "./number.js";
import { Pad } from "./pad.js";
import { Predictor } from "./predictor.js";
import { Results } from "./results.js";
import { draw, SENT } from "./strokes.js";

const STEPS = "grey,even,ink,digit,input"; // the whole way, asked for while it is shown

const find = (selector) => document.querySelector(selector);
const canvas = find("#pad canvas");
const photo = find("#pad img");
const hint = find("#pad .hint");
const file = find("#file");
const error = find("#error");

const pad = new Pad(canvas);
const predictor = new Predictor();
const results = new Results(find("#answer"));
const number = new NumberView(find("#number"), find("#boxes"));
let chosen = null; // the File that lies over the drawing

drawByKeyboard(pad, canvas, find("#pad .cursor"), (words) => results.say(words));

pad.addEventListener("change", () => lay(null));

predictor.addEventListener("reading", ({ detail }) => {
  showError("");
  results.show(detail);
  number.show(detail, chosen ? sizeOf(photo) : SENT);
});
number.addEventListener("copied", ({ detail }) => {
  results.say(detail ? "Copied." : "The browser does not let the page copy.");
  find("#copy").textContent = detail ? "Copied" : "Not copied";
  setTimeout(() => (find("#copy").textContent = "Copy"), 1500);
});
number.addEventListener("choose", ({ detail }) => results.choose(detail.reading, detail.place));
predictor.addEventListener("problem", ({ detail }) => {
  showError(detail);
  results.clear("Not read.");
  number.clear();
});

file.addEventListener("change", () => {
  const [first] = file.files;
  if (first) choose(first);
  file.value = ""; // so that the same file can be chosen again
});
photo.addEventListener("load", () => {
  const shape = photo.naturalWidth / photo.naturalHeight;
  find("#pad").style.aspectRatio = Math.min(2.5, Math.max(0.75, shape));
});
photo.addEventListener("error", () => {
  if (!chosen) return;
  photo.hidden = true; // a format that the browser does not show; the server may read it
  hint.textContent = chosen.name;
  hint.hidden = false;
});

find("#steps").addEventListener("toggle", ({ target }) => {
  predictor.steps = target.open ? STEPS : "input";
  if (target.open && !isEmpty() && !results.showsWay()) ask();
});

find("#undo").addEventListener("click", undo);
find("#clear").addEventListener("click", () => pad.clear());
document.addEventListener("keydown", (event) => {
  if (event.target.matches("input")) return; // it has an undo of its own
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z") {
    event.preventDefault();
    undo();
  }
});

function choose(picture) {
  const limit = Number(file.dataset.maxBytes);
  if (picture.size > limit) {
    showError(`This file is larger than ${limit / 1e6} MB. Choose a smaller one.`);
    return;
  }
  lay(picture);
  number.clear();
  results.clear("Reading…");
}

/** Undo the last stroke, or take a picture away: the drawing under it is still there. */
function undo() {
  chosen ? lay(null) : pad.undo();
}

/** Lay a picture over the drawing, or none, and have read what lies there now. */
function lay(picture) {
  if (chosen) URL.revokeObjectURL(photo.src);
  chosen = picture;
  photo.hidden = !chosen;
  if (!chosen) find("#pad").style.aspectRatio = "";
  if (chosen) {
    photo.src = URL.createObjectURL(chosen);
    photo.alt = `The picture you chose: ${chosen.name}`;
  }
  find("#undo").disabled = find("#clear").disabled = isEmpty();
  hint.textContent = "Draw here";
  hint.hidden = !isEmpty();
  if (isEmpty()) {
    predictor.forget();
    results.clear();
    number.clear();
    showError("");
  } else {
    ask();
  }
}

function isEmpty() {
  return !chosen && pad.strokes.length === 0;
}

function sizeOf({ naturalWidth: width, naturalHeight: height }) {
  return { width, height };
}

function ask() {
  predictor.ask(chosen ?? (() => draw(pad.strokes)));
}

function showError(words) {
  error.textContent = words;
  error.hidden = !words;
}
