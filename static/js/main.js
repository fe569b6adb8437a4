import { drawByKeyboard } from "./keyboard.js";
import { Pad } from "./pad.js";
import { Predictor } from "./predictor.js";
import { Results } from "./results.js";
import { picture } from "./strokes.js";

const find = (selector) => document.querySelector(selector);
const canvas = find("#pad canvas");
const photo = find("#pad img");
const file = find("#file");
const error = find("#error");

const pad = new Pad(canvas);
const predictor = new Predictor();
const results = new Results(find("#answer"));
drawByKeyboard(pad, canvas, find("#pad .cursor"));

pad.addEventListener("change", () => {
  hidePhoto();
  refresh();
});

predictor.addEventListener("reading", ({ detail }) => {
  showError("");
  results.show(detail);
});
predictor.addEventListener("problem", ({ detail }) => {
  showError(detail);
  results.clear();
});

file.addEventListener("change", () => {
  const [chosen] = file.files;
  file.value = ""; // so that the same file can be chosen again
  if (chosen) upload(chosen);
});

find("#undo").addEventListener("click", undo);
find("#clear").addEventListener("click", () => pad.clear());
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z") {
    event.preventDefault();
    undo();
  }
});

function upload(chosen) {
  const limit = Number(file.dataset.maxBytes);
  if (chosen.size > limit) {
    showError(`This file is larger than ${limit / 1e6} MB. Choose a smaller one.`);
    return;
  }
  showPhoto(chosen);
  refresh(chosen);
}

/** Undo the last stroke, or put a picture away: the drawing under it is still there. */
function undo() {
  if (photo.hidden) {
    pad.undo();
  } else {
    hidePhoto();
    refresh();
  }
}

/** Bring buttons and answer in line with what is on the pad. */
function refresh(chosen = null) {
  const empty = !chosen && pad.strokes.length === 0;
  find("#undo").disabled = find("#clear").disabled = empty;
  find("#pad .hint").hidden = !empty;
  if (empty) {
    predictor.forget();
    results.clear();
    showError("");
  } else {
    predictor.ask(chosen ?? (() => picture(pad.strokes)));
  }
}

function showPhoto(chosen) {
  hidePhoto();
  photo.src = URL.createObjectURL(chosen);
  photo.alt = `The picture you chose: ${chosen.name}`;
  photo.hidden = false;
}

function hidePhoto() {
  if (photo.hidden) return;
  URL.revokeObjectURL(photo.src);
  photo.removeAttribute("src");
  photo.hidden = true;
}

function showError(words) {
  error.textContent = words;
  error.hidden = !words;
}
