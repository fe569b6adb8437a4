/**
 * Elements laid over boxes of a picture that is fitted whole, and centred, into `root`. style.css
 * places them, so that they stay in place when the page is resized, and on paper.
 */
export class Overlay {
  #root;

  constructor(root) {
    this.#root = root;
  }

  /** Show a list of {box, element}, the boxes in pixels of a picture of {width, height}. */
  show(laid, { width, height }) {
    const shown = width ? laid : [];
    for (const { box, element } of shown) {
      for (const [name, value] of Object.entries({ across: width, down: height, ...box })) {
        element.style.setProperty(`--${name}`, value);
      }
    }
    this.#root.replaceChildren(...shown.map(({ element }) => element));
  }

  clear() {
    this.show([], {});
  }
}
