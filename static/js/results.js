const QUIET = 700; // ms without a new answer before the last one is read out

/** Shows a reading: the best guess, the top three, ten bars and what the network saw. */
export class Results {
  #parts;
  #bars;
  #pause = 0;

  constructor(root) {
    const part = (id) => root.querySelector(`#${id}`);
    this.#parts = Object.fromEntries(
      ["guess", "words", "top", "bars", "seen", "announcement"].map((id) => [id, part(id)]),
    );
    this.#bars = Array.from({ length: 10 }, (_, digit) => bar(digit));
    this.#parts.bars.replaceChildren(...this.#bars.map(({ item }) => item));
    this.clear();
  }

  clear(words = "Nothing to read yet.") {
    clearTimeout(this.#pause);
    this.#fill({ probabilities: null, top: [], digit: null }, words);
  }

  show(reading) {
    const words = inWords(reading);
    this.#fill(reading, words);
    this.say(reading.digit === null ? words : `${words} ${percent(reading.confidence)}`, QUIET);
  }

  /** Read out to those who do not see the page. */
  say(words, after = 0) {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => (this.#parts.announcement.textContent = words), after);
  }

  #fill(reading, words) {
    const { guess, top, seen } = this.#parts;
    guess.value = reading.digit ?? "?";
    this.#parts.words.textContent = words;
    top.replaceChildren(...reading.top.map(chip));
    for (const [digit, { item, fill, share }] of this.#bars.entries()) {
      const probability = reading.probabilities?.[digit];
      fill.style.width = percent(probability ?? 0);
      share.textContent = probability === undefined ? "" : percent(probability);
      item.classList.toggle("likeliest", digit === reading.digit);
    }
    const input = reading.steps?.find(({ name }) => name === "input");
    seen.hidden = !input;
    if (input) seen.querySelector("img").src = input.image;
  }
}

function bar(digit) {
  const item = document.createElement("li");
  item.innerHTML = `<b>${digit}</b><div class="track"><div class="bar"></div></div><span class="share"></span>`;
  return { item, fill: item.querySelector(".bar"), share: item.querySelector(".share") };
}

function chip({ digit, probability }) {
  const item = document.createElement("li");
  item.textContent = `${digit}: ${percent(probability)}`;
  return item;
}

function inWords({ verdict, digit, confidence, top }) {
  if (verdict === "blank") return "I see no ink in this picture.";
  if (confidence >= 0.9) return `This is a ${digit}.`;
  if (confidence >= 0.6) return `This is probably a ${digit}.`;
  return `This could be a ${digit} or a ${top[1].digit}.`;
}

/** Rounded down, so that only certainty reads 100.0 %. */
function percent(probability) {
  return `${(Math.floor(probability * 1000) / 10).toFixed(1)}%`;
}
