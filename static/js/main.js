import { bring } from "./bring.js";
import { Camera } from "./camera.js";
import { Drawing } from "./drawing.js";
import { Easel } from "./easel.js";
import { showExamples } from "./examples.js";
import { Gallery } from "./gallery.js";
import { flash, Keep } from "./keep.js";
import { drawByKeyboard } from "./keyboard.js";
import { choose, LANGUAGES, preferred, speak } from "./language.js";
import { Messages } from "./messages.js";
import { NumberView } from "./number.js";
import { Overlay } from "./overlay.js";
import { Pad } from "./pad.js";
import { Predictor } from "./predictor.js";
import { Record } from "./record.js";
import { Results } from "./results.js";
import { decode } from "./strokes.js";
import { Tools } from "./tools.js";

const WAY = "grey,even,ink,digit,input"; // the whole way, asked for while it is shown

const find = (selector) => document.querySelector(selector);
const canvas = find("#pad canvas");
const file = find("#file");
const steps = find("#steps");
const looked = find("#looked");
const languages = find("#language");

const drawing = new Drawing();
const pad = new Pad(canvas, drawing);
const easel = new Easel(find("#pad"), drawing);
const tools = new Tools(find("#tools"), drawing, pad, easel);
const predictor = new Predictor();
const messages = new Messages(find("#error"), find("#progress"));
const results = new Results(find("#answer"));
const number = new NumberView(find("#number"), find("#boxes"));
const heat = new Overlay(find("#heat"));
const record = new Record(localStorage);
const gallery = new Gallery(find("#record"), record, openAgain);
const keep = new Keep(find("#keep"), easel, record);
const camera = new Camera(find("#camera-dialog"), take);
let reading = null; // of what lies on the easel

// From the hand or a picture to a question

drawByKeyboard(pad, drawing, canvas, find("#pad .cursor"), (words) => results.say(words));
bring(file, find("#drop"), take);
showExamples(find("#examples"), (strokes) => easel.begin(strokes));
find("#camera").addEventListener("click", () => camera.open());
find("#cancel").addEventListener("click", () => easel.lay(null));

function take(picture) {
  easel.take(picture, Number(file.dataset.maxBytes));
}

function openAgain(entry) {
  easel.open(entry);
  canvas.focus();
}

easel.addEventListener("prepare", () => messages.wait("preparing"));
easel.addEventListener("too large", () => {
  messages.tell({ name: "tooLarge", values: { limit: Number(file.dataset.maxBytes) / 1e6 } });
});
easel.addEventListener("change", () => {
  tools.refresh();
  keep.wait();
  messages.wait(easel.file && "reading");
  if (easel.file || easel.isEmpty) {
    predictor.forget();
    messages.tell(null);
    show(null, easel.file ? "reading" : "nothing");
  }
  if (!easel.isEmpty) predictor.ask(easel.question);
});

// From the answer to the page

predictor.addEventListener("reading", ({ detail }) => {
  messages.tell(null);
  messages.wait(null);
  show(detail);
});
predictor.addEventListener("problem", ({ detail }) => {
  messages.tell(detail);
  messages.wait(null);
  show(null, "notRead");
});
predictor.addEventListener("progress", ({ detail }) => messages.progress(detail));
predictor.addEventListener("slow", () => easel.file || messages.tell({ name: "slow" }));
addEventListener("online", () => predictor.retry());

/** Show a reading everywhere; or none, and the string of a name. */
function show(next, name) {
  reading = next;
  keep.show(reading);
  if (reading) {
    results.show(reading);
    number.show(reading, easel.size);
    heat.show(heatOf(reading), easel.size);
  } else {
    results.clear(name);
    number.clear();
    heat.clear();
  }
}

function heatOf({ digits, steps: pictures }) {
  return pictures
    .filter(({ name }) => name === "saliency")
    .map(({ image }, place) => {
      const element = Object.assign(new Image(), { src: image, alt: "" });
      return { element, box: digits[place].box };
    });
}

number.addEventListener("choose", ({ detail }) => results.choose(detail.reading, detail.place));
number.addEventListener("copied", ({ detail }) => flash(find("#copy"), detail));

for (const part of [steps, looked]) part.addEventListener("toggle", askForMore);

function askForMore() {
  predictor.steps = [steps.open ? WAY : "input", ...(looked.open ? ["saliency"] : [])].join();
  if (!looked.open) heat.clear();
  const has = (name) => reading?.steps.some((step) => step.name === name);
  const lacks = (steps.open && !has("ink")) || (looked.open && !has("saliency"));
  if (lacks && !easel.isEmpty) predictor.ask(easel.question);
}

// The beginning

languages.append(...Object.entries(LANGUAGES).map(([code, name]) => new Option(name, code)));
languages.value = preferred();
languages.addEventListener("change", () => {
  choose(languages.value);
  retell();
});

function retell() {
  easel.refresh();
  results.retell();
  if (reading) number.show(reading, easel.size);
  messages.retell();
  gallery.show();
}

speak(languages.value);
retell();
easel.restore(localStorage);
const shared = decode(location.hash.slice(1));
if (shared) {
  easel.begin(shared); // over one's own drawing, which undo brings back
  history.replaceState(null, "", location.pathname + location.search);
}
navigator.serviceWorker?.register("sw.js");
