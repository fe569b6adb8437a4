const PREFIX = "digits."; // other pages of the same origin keep things too

/** The browser's localStorage, or what stands in for it, until the page is left, where it is denied. */
export const storage = {
  get(name) {
    try {
      return localStorage.getItem(PREFIX + name) ?? fallback.get(name) ?? null;
    } catch {
      return fallback.get(name) ?? null;
    }
  },

  /** Whether there was room. */
  set(name, text) {
    try {
      localStorage.setItem(PREFIX + name, text);
      fallback.delete(name);
      return true;
    } catch {
      fallback.set(name, text);
      return false;
    }
  },

  /** Call when another tab has set the text of this name. */
  follow(name, call) {
    addEventListener("storage", ({ key }) => (key === null || key === PREFIX + name) && call());
  },
};

const fallback = new Map();
