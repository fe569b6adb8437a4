/**
 * Elements laid over boxes of a picture that is fitted whole, and centred, into `root`. They stay
 * in place when the page is resized.
 */
export class Overlay {
  #root;
  #picture = null;
  #laid = [];

  constructor(root) {
    this.#root = root;
    new ResizeObserver(() => this.#place()).observe(root);
  }

  /** Show a list of {box, element}, the boxes in pixels of a picture of {width, height}. */
  show(laid, picture) {
    [this.#laid, this.#picture] = [picture.width ? laid : [], picture];
    this.#root.replaceChildren(...this.#laid.map(({ element }) => element));
    this.#place();
  }

  clear() {
    this.show([], {});
  }

  #place() {
    const { clientWidth, clientHeight } = this.#root;
    const { width, height } = this.#picture ?? {};
    const scale = Math.min(clientWidth / width, clientHeight / height);
    const [left, top] = [(clientWidth - width * scale) / 2, (clientHeight - height * scale) / 2];
    for (const { box, element } of this.#laid) {
      element.style.left = `${left + box.x * scale}px`;
      element.style.top = `${top + box.y * scale}px`;
      element.style.width = `${box.width * scale}px`;
      element.style.height = `${box.height * scale}px`;
      element.style.fontSize = `${Math.min(14, Math.max(8, (box.height * scale) / 2))}px`;
    }
  }
}
