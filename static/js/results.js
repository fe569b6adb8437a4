const QUIET = 700; // ms without a new answer before the last one is read out

/** Shows a reading: the best guess, the top three, ten bars and what the network saw. */
export class Results {
  #parts;
  #bars;
  #pause = 0;

  constructor(root) {
    const part = (id) => root.querySelector(`#${id}`);
    this.#parts = Object.fromEntries(
      ["guess", "words", "top", "bars", "seen", "way", "announcement"].map((id) => [id, part(id)]),
    );
    this.#bars = Array.from({ length: 10 }, (_, digit) => bar(digit));
    this.#parts.bars.replaceChildren(...this.#bars.map(({ item }) => item));
    this.clear();
  }

  clear(words = "Nothing to read yet.") {
    clearTimeout(this.#pause);
    this.#fill({ digit: null, probabilities: null, top: [], steps: [] }, words);
  }

  show(reading) {
    const words = inWords(reading);
    this.#fill(reading, words);
    const isRead = reading.verdict === "digit" || reading.verdict === "unsure";
    this.say(isRead ? `${words} ${percent(reading.confidence)}` : words, QUIET);
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
    const { guess, top, seen, way } = this.#parts;
    const isNone = reading.digit === null || reading.verdict === "not_a_digit";
    guess.value = isNone ? "?" : reading.digit;
    guess.classList.toggle("doubtful", reading.verdict === "unsure");
    this.#parts.words.textContent = words;
    // What may be no digit at all fills no bar, however sure it is which one it would be.
    const certainty = reading.top.length ? reading.confidence / reading.top[0].probability : 0;
    top.replaceChildren(
      ...reading.top.map(({ digit, probability }) => chip(digit, probability * certainty)),
    );
    for (const [digit, { item, fill, share }] of this.#bars.entries()) {
      const probability = reading.probabilities?.[digit];
      fill.style.width = percent((probability ?? 0) * certainty);
      share.textContent = probability === undefined ? "" : percent(probability * certainty);
      item.classList.toggle("likeliest", digit === reading.digit && !isNone);
    }
    const input = reading.steps.find(({ name }) => name === "input");
    seen.hidden = !input;
    if (input) seen.querySelector("img").src = input.image;
    for (const figure of way.children) {
      const step = reading.steps.find(({ name }) => name === figure.dataset.step);
      figure.hidden = !step;
      if (step) figure.querySelector("img").src = step.image;
    }
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

function inWords({ verdict, digit, confidence, top }) {
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

/** Rounded down, so that only certainty reads 100.0 %. */
function percent(probability) {
  return `${(Math.floor(probability * 1000) / 10).toFixed(1)}%`;
}
