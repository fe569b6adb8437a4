import { bring } from "./bring.js";
import { Camera } from "./camera.js";
import { Drawing, newId } from "./drawing.js";
import { Easel, KNOWN } from "./easel.js";
import { showExamples } from "./examples.js";
import { Gallery } from "./gallery.js";
import { flash, Keep } from "./keep.js";
import { drawByKeyboard } from "./keyboard.js";
import { choose, LANGUAGES, preferred, speak } from "./language.js";
import { marksOf } from "./marks.js";
import { Messages } from "./messages.js";
import { NumberView } from "./number.js";
import { Overlay } from "./overlay.js";
import { Pad } from "./pad.js";
import { Pile } from "./pile.js";
import { Predictor } from "./predictor.js";
import { Record } from "./record.js";
import { Results } from "./results.js";
import { storage } from "./storage.js";
import { decode } from "./strokes.js";
import { Tools } from "./tools.js";

const HASTE = 1_000; // ms between looks whether who corrects one of several pictures is done
const GLANCE = 400; // ms for which the reading of one of several pictures is seen, at least
const AGE = 600; // ms, by which an answer may be behind the hand before that is shown
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
const predictor = new Predictor();
const messages = new Messages(find("#error"), find("#progress"));
const results = new Results(find("#answer"));
const number = new NumberView(find("#number"), find("#boxes"));
const tools = new Tools(find("#tools"), drawing, pad, easel, number);
const heat = new Overlay(find("#heat"));
const record = new Record(storage);
const gallery = new Gallery(find("#record"), record, openAgain);
const keep = new Keep(find("#keep"), easel, record);
const pile = new Pile(
  (picture, id) => easel.take(picture, id, Number(file.dataset.maxBytes)),
  (id) => Boolean(record.find(id)),
);
const camera = new Camera(find("#camera-dialog"), (still) => pile.lay([still]));
let reading = null; // of what lies on the easel, or lay there a few moves of the pen ago
let isFirst = true; // of the answers to what lies there
let wasEmpty = true; // the easel, before what lies there now
let isPreparing = false; // a picture, for the easel
let notice = null; // to be read for as long as nothing else lies there
let lastId = null; // of what lay there before
let goingOn = 0; // the timer until it is looked whether who corrects is done
let outdated = 0; // the timer until that is shown, where what stands there is of what lay there before

// From the hand or a picture to a question

drawByKeyboard(pad, drawing, easel, canvas, find("#pad .cursor"), (words) => results.say(words));
bring(file, find("#drop"), (pictures) => pile.lay(pictures));
showExamples(find("#examples"), (strokes) => {
  drawing.borrow(strokes, newId()); // as known: the record is for one's own
  canvas.scrollIntoView({ block: "nearest" });
});
find("#camera").addEventListener("click", () => camera.open());
find("#cancel").addEventListener("click", () => {
  easel.cancel(isPreparing);
  wait(null);
  pile.stop();
});

function openAgain(entry) {
  easel.open(entry);
  canvas.focus();
}

function notify(problem) {
  notice = problem;
  messages.tell(notice);
}

/** Show that the string of this name is under way, or nothing is. */
function wait(name) {
  isPreparing = name === "preparing";
  messages.wait(name ?? (pile.progress && "reading"), pile.progress);
}

easel.addEventListener("prepare", () => wait("preparing"));
easel.addEventListener("refused", ({ detail: problem }) => {
  wait(null);
  notify(problem);
  pile.refuse(problem);
});
easel.addEventListener("change", ({ detail: isGrown }) => {
  number.begin(easel.shown, drawing.ahead);
  tools.refresh();
  keep.wait();
  wait(null);
  const isForRecord = notice?.name === "someNotRead"; // in which one looks what is missing
  if (!isForRecord || isGrown || !record.find(easel.id)) notice = null;
  if (!isGrown && easel.id !== lastId) number.forget();
  lastId = easel.id;
  dropLink();
  if (!isGrown || wasEmpty) {
    isFirst = true;
    predictor.forget(); // an answer to what lay there before is none to this
    messages.tell(notice);
    show(null, easel.isEmpty ? "nothing" : "reading");
  }
  wasEmpty = easel.isEmpty;
  if (reading) outdate();
  if (!easel.isEmpty) predictor.ask(easel.question);
  pile.lies(easel.id);
});

drawing.addEventListener("rest", clearErased);

// From the answer to the page

predictor.addEventListener("ask", () => easel.file && wait("reading"));
predictor.addEventListener("progress", ({ detail }) => messages.progress(detail));
predictor.addEventListener("slow", () => messages.tell({ name: "slow" }));
predictor.addEventListener("reading", ({ detail: { answer, isNewest } }) => {
  answer.marks = marksOf(answer);
  messages.tell(notice);
  wait(null);
  if (isFirst) recall(answer);
  isFirst = false;
  show(answer);
  if (!isNewest) return outdate(true);
  renew();
  if (clearErased()) return;
  keepCorrections(false);
  keep.show({ ...answer, ...number.corrected }, pile.hasMore ? GLANCE : undefined);
});
predictor.addEventListener("problem", ({ detail }) => {
  messages.tell(detail);
  wait(null);
  if (keep.isOffered) return; // only the steps to what is shown were refused
  show(null, "notRead");
  if (detail.isFinal) pile.refuse(detail);
});
keep.addEventListener("settled", () => goOn(easel.id));
pile.addEventListener("end", ({ detail: failed }) => {
  wait(null);
  if (failed.length) notify({ name: "someNotRead", failed });
});
addEventListener("beforeunload", (event) => pile.hasMore && event.preventDefault()); // nothing keeps them
addEventListener("online", () => predictor.retry());

/** The next picture's turn, once who corrects the one with this id is done. */
function goOn(id) {
  clearTimeout(goingOn);
  const isCorrecting = id === easel.id && document.activeElement?.closest("#number input");
  if (pile.hasMore && isCorrecting) {
    wait("waiting");
    goingOn = setTimeout(goOn, HASTE, id);
  } else {
    pile.read(id, reading?.verdict === "blank" ? { name: "blank" } : undefined);
  }
}

/** What stands there is of what lay there before: show that, unless an answer comes soon. */
function outdate(isAnswered = false) {
  if (isAnswered) outdated = clearTimeout(outdated);
  outdated ||= setTimeout(() => find("#answer").classList.add("old"), AGE);
}

function renew() {
  clearTimeout(outdated);
  outdated = 0;
  find("#answer").classList.remove("old");
}

/** Clear a pad that nothing is left on, once the eraser is lifted. Returns whether that was done. */
function clearErased() {
  const isBlank = reading?.verdict === "blank" && !outdated && !easel.file;
  const isErased = isBlank && !drawing.isDrawing && drawing.strokes.some(({ erases }) => erases);
  if (isErased) drawing.rubOut();
  return isErased;
}

/** Correct a reading as it was when it lay there before, or was recorded. */
function recall({ marks }) {
  const corrected = easel.corrected ?? recorded()?.corrected;
  if (corrected?.length !== marks.length) return;
  for (const [place, mark] of marks.entries()) mark.corrected = corrected[place] ?? undefined;
}

/** What was recorded of what lies there, if that is as it was. */
function recorded() {
  const entry = easel.isKnown && record.find(easel.id);
  return entry && (easel.file || entry.strokes === easel.kept.strokes) ? entry : null;
}

function keepCorrections(isAnew) {
  easel.correct(reading.marks.map(({ corrected }) => corrected), isAnew);
}

/** Show a reading everywhere; or none, and the string of a name. */
function show(next, name) {
  reading = next;
  if (!reading) renew();
  showHeat();
  if (reading) {
    results.show(reading);
    number.show(reading, easel.size, { photo: easel.photo, isDrawing: drawing.isDrawing });
    if (number.corrected.number) results.correct({ ...reading, ...number.corrected });
  } else {
    results.clear(name);
    number.clear();
    keep.hide();
  }
}

function showHeat() {
  looked.open && reading ? heat.show(heatOf(reading), easel.size) : heat.clear();
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
number.addEventListener("correct", ({ detail: row }) => {
  const corrected = { ...reading, ...number.corrected };
  tools.refresh();
  keepCorrections(true);
  results.correct(corrected, row);
  keep.correct(corrected);
});
number.addEventListener("refused", ({ detail: words }) => {
  results.say(`${words} ${find("#words").textContent}`);
});
number.addEventListener("copied", ({ detail }) => flash(find("#copy"), detail ? "copied" : "notCopied"));

for (const part of [steps, looked]) part.addEventListener("toggle", askForMore);

function askForMore() {
  predictor.steps = [steps.open ? WAY : "input", ...(looked.open ? ["saliency"] : [])].join();
  showHeat();
  const has = (name) => reading?.steps.some((step) => step.name === name);
  const lacks = (steps.open && !has("ink")) || (looked.open && !has("saliency"));
  if (lacks && !easel.isEmpty) predictor.ask(easel.question);
}

// The beginning

for (const [code, name] of Object.entries(LANGUAGES)) {
  languages.append(Object.assign(new Option(name, code), { lang: code }));
}
languages.value = preferred();
languages.addEventListener("change", () => {
  choose(languages.value);
  retell();
});

function retell() {
  easel.refresh();
  reading ? show(reading) : results.retell();
  messages.retell();
  gallery.show();
}

speak(languages.value);
retell();
const { hash } = location;
const [isKnown, left] = [easel.isLinkKnown, easel.leftOver(record)];
easel.restore();
left && !hash ? easel.open(left) : openLink(hash, isKnown);
addEventListener("hashchange", () => {
  if (location.hash) openLink(location.hash, false);
  else if (drawing.isBorrowed && !drawing.picture) drawing.giveBack(); // from a link
});

// The one script URL that is made here: the server's policy (headers.py) trusts no other.
const worker = globalThis.trustedTypes?.createPolicy("worker", { createScriptURL: () => "sw.js" });
// It fetches all files anew, and comes when the page stands. Where it is denied, the page does not
// open without a network.
addEventListener("load", () => setTimeout(keepPage, 1000));

function keepPage() {
  navigator.serviceWorker?.register(worker?.createScriptURL("") ?? "sw.js").catch(() => {});
}

/** Redraw the strokes behind an address's #, over one's own, which undo brings back. */
function openLink(hash, isKnown) {
  const text = /^#([\w-]*)(?:%20|[^\w-])*$/.exec(hash)?.[1] ?? hash; // the end of a sentence, maybe
  const strokes = decode(text);
  if (strokes) {
    const { id } = record.entries.find((entry) => entry.strokes === text) ?? {};
    drawing.borrow(strokes, id ?? (isKnown ? newId() : undefined));
    history.replaceState(isKnown ? KNOWN : null, "", `#${text}`); // for a reload, or a bookmark
  } else if (text) {
    notify({ name: "brokenLink" });
  }
}

/** Take the link off the address where something else lies there now. */
function dropLink() {
  if (!location.hash || (!easel.file && location.hash === `#${easel.kept.strokes}`)) return;
  history.replaceState(null, "", location.pathname + location.search);
}

// A button that is used by keyboard and then cannot be used any more leaves the focus to the pad.
document.addEventListener("click", ({ target, detail }) => {
  const button = target.closest("button");
  if (detail || !button || button.closest("dialog")) return;
  requestAnimationFrame(() => {
    const isLost = button.disabled || !button.getClientRects().length; // or hidden, or gone
    const { activeElement } = document;
    if (isLost && [button, document.body].includes(activeElement)) canvas.focus();
  });
});

find(".without-scripts").remove();
