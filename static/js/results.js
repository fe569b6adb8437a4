const QUIET = 700; // ms without a new answer before the last one is read out

/** Shows a reading: the best guess, the top three, ten bars and what the network saw. */
export class Results {
  #parts;
  #bars;
  #pause = 0;

  constructor(root) {
    const part = (id) => root.querySelector(`#${id}`);
    this.#parts = Object.fromEntries(
      ["guess", "words", "top", "bars", "which", "seen", "way", "announcement"].map((id) => [id, part(id)]),
    );
    this.#bars = Array.from({ length: 10 }, (_, digit) => bar(digit));
    this.#parts.bars.replaceChildren(...this.#bars.map(({ item }) => item));
    this.clear();
  }

  clear(words = "Nothing to read yet.") {
    clearTimeout(this.#pause);
    this.#fill({ digit: null, number: "", digits: [], top: [], steps: [] }, words);
  }

  show(reading) {
    const words = inWords(reading);
    this.#fill(reading, words);
    const isRead = ["digit", "number", "unsure"].includes(reading.verdict);
    this.say(isRead ? `${words} ${percent(reading.confidence)}` : words, QUIET);
  }

  /** Show the bars of one digit of several. */
  choose(reading, place) {
    const { digit, verdict, confidence, probabilities } = reading.digits[place];
    const certainty = confidence / Math.max(...probabilities);
    const shares = probabilities.map((probability) => probability * certainty);
    this.#fillBars(shares, verdict === "not_a_digit" ? null : digit);
    this.#parts.which.textContent = `Digit ${place + 1} of ${reading.digits.length}`;
    this.#showSteps(reading, place);
  }

  /** Whether the pictures of the way to this answer are there. */
  showsWay() {
    return [...this.#parts.way.children].some((figure) => !figure.hidden);
  }

  /** Read out to those who do not see the page. */
  say(words, after = 0) {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => (this.#parts.announcement.textContent = words), after);
  }

  #fill(reading, words) {
    const { guess, top, which } = this.#parts;
    const isNone = !reading.number || reading.verdict === "not_a_digit";
    guess.value = isNone ? "?" : reading.number;
    guess.hidden = reading.digits.length > 1; // they are shown one by one
    which.textContent = "";
    guess.classList.toggle("doubtful", reading.verdict === "unsure");
    this.#parts.words.textContent = words;
    // What may be no digit at all fills no bar, however sure it is which one it would be.
    const certainty = reading.top.length ? reading.confidence / reading.top[0].probability : 0;
    top.replaceChildren(
      ...reading.top.map(({ digit, probability }) => chip(digit, probability * certainty)),
    );
    const shares = reading.probabilities?.map((probability) => probability * certainty);
    this.#fillBars(shares ?? [], isNone ? null : reading.digit);
    this.#showSteps(reading, 0);
  }

  #fillBars(shares, likeliest) {
    for (const [digit, { item, fill, share }] of this.#bars.entries()) {
      const value = shares[digit];
      fill.style.width = percent(value ?? 0);
      share.textContent = value === undefined ? "" : percent(value);
      item.classList.toggle("likeliest", digit === likeliest);
    }
  }

  /** What the network saw of one digit, and the way there as far as it was asked for. */
  #showSteps({ steps }, place) {
    const { seen, way } = this.#parts;
    const show = (figure, name) => {
      const found = steps.filter((step) => step.name === name);
      const step = found[place] ?? (found.length === 1 ? found[0] : undefined);
      figure.hidden = !step;
      if (step) figure.querySelector("img").src = step.image;
    };
    show(seen, "input");
    for (const figure of way.children) show(figure, figure.dataset.step);
  }
}

function bar(digit) {
  const item = document.createElement("li");
  item.innerHTML = `<b>${digit}</b><div class="track"><div class="bar"></div></div><span class="share"></span>`;
  return { item, fill: item.querySelector(".bar"), share: item.querySelector(".share") };
}

function chip(digit, probability) {
  const item = document.createElement("li");
  item.textContent = `${digit}: ${percent(probability)}`;
  return item;
}

function inWords({ verdict, digit, digits, number, confidence, top }) {
  if (number.length > 1) return numberInWords(verdict, number);
  const [first, second] = top;
  switch (verdict) {
    case "blank":
      return "I see no ink in this picture.";
    case "not_a_digit":
      return `That does not look like a digit. The nearest is ${digit}.`;
    case "unsure":
      if (second.probability > first.probability / 4) {
        return `This could be a ${digit} or a ${second.digit}.`;
      }
      return `This may be a ${digit}, but I am not sure.`;
    default:
      return confidence >= 0.9 ? `This is a ${digit}.` : `This is probably a ${digit}.`;
  }
}

function numberInWords(verdict, number) {
  const rows = number.split("\n");
  const what = rows.length > 1 ? `${rows.length} numbers` : number;
  switch (verdict) {
    case "not_a_digit":
      return "That does not look like a number.";
    case "unsure":
      return rows.length > 1 ? `These may be ${what}, but I am not sure.` : `This may be ${what}, but I am not sure.`;
    default:
      return rows.length > 1 ? `These are ${what}.` : `This is ${what}.`;
  }
}

/** Rounded down, so that only certainty reads 100.0 %. */
function percent(probability) {
  return `${(Math.floor(probability * 1000) / 10).toFixed(1)}%`;
}
