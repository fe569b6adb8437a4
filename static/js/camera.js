import { t } from "./language.js";
import { inWords as problemInWords } from "./messages.js";
import { asJpeg, LARGEST, onPaper } from "./picture.js";
import { send } from "./send.js";
import { inWords } from "./words.js";

const LIVE = 640; // pixels, the longest side of a frame that is read while the camera runs
const PAUSE = 150; // ms between two readings
const RESTLESS = 5; // readings after each other of which none says what the one before said

/** A dialog with the camera's picture, read continuously. Calls `take` with a still of it. */
export class Camera {
  #dialog;
  #video;
  #words;
  #take;
  #controller = null;
  #last = "";
  #others = 0; // readings since two agreed

  constructor(dialog, take) {
    [this.#dialog, this.#take] = [dialog, take];
    this.#video = dialog.querySelector("video");
    this.#words = dialog.querySelector("output");
    dialog.addEventListener("close", () => this.#stop());
    dialog.querySelector(".close").addEventListener("click", () => dialog.close());
    dialog.querySelector(".still").addEventListener("click", () => this.#still());
  }

  async open() {
    this.#dialog.showModal();
    this.#controller = new AbortController();
    const { signal } = this.#controller;
    this.#words.value = t("cameraStarts");
    [this.#last, this.#others] = ["", 0];
    try {
      const video = { facingMode: "environment", width: { ideal: 1600 } };
      const stream = await navigator.mediaDevices.getUserMedia({ video });
      signal.addEventListener("abort", () => stream.getTracks().forEach((track) => track.stop()));
      if (signal.aborted) return stream.getTracks().forEach((track) => track.stop());
      this.#video.srcObject = stream;
      await this.#video.play();
      this.#dialog.querySelector(".still").disabled = false;
      while (!signal.aborted) await this.#read(signal);
    } catch (error) {
      // Without https there is no mediaDevices at all.
      const isRefused = error.name === "NotAllowedError";
      if (!signal.aborted) this.#words.value = t(isRefused ? "cameraRefused" : "cameraMissing");
    }
  }

  async #read(signal) {
    const frame = await asJpeg(onPaper(this.#video, LIVE));
    const { status, answer } = await send(frame, "", { signal }).catch(() => ({ status: 0 }));
    if (signal.aborted) return;
    const problem = { status, words: answer?.detail, isFile: true };
    this.#say(status === 200 ? inWords(answer) : problemInWords(problem));
    await new Promise((resolve) => setTimeout(resolve, status === 200 ? PAUSE : 10 * PAUSE));
  }

  /** Say what two readings agree on, if any do: it is read out to those who do not see it. */
  #say(words) {
    this.#others = words === this.#last ? 0 : this.#others + 1;
    this.#last = words;
    const said = this.#others === 0 ? words : this.#others < RESTLESS ? null : t("holdStill");
    if (said && said !== this.#words.value) this.#words.value = said;
  }

  async #still() {
    const still = await asJpeg(onPaper(this.#video, LARGEST), t("camera"));
    this.#dialog.close();
    this.#take(still);
  }

  #stop() {
    this.#controller.abort();
    this.#dialog.querySelector(".still").disabled = true;
    this.#video.srcObject = null;
  }
}
