const PREFIX = "digits."; // other pages of the same origin keep things too

/** The browser's localStorage, or what stands in for it, until the page is left, where it is denied. */
export const storage = {
  get(name) {
    if (fallback.has(name)) return fallback.get(name);
    try {
      return localStorage.getItem(PREFIX + name);
    } catch {
      return null;
    }
  },

  /** Whether there was room; where there was none, it is kept until the page is left. */
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

/** The same for each tab: what it set itself, through reloads; in a new one, what any set last. */
export const ownStorage = {
  get(name) {
    try {
      return sessionStorage.getItem(PREFIX + name) ?? storage.get(name);
    } catch {
      return storage.get(name);
    }
  },

  set(name, text) {
    try {
      sessionStorage.removeItem(PREFIX + name); // what is outdated, should there be no room
      sessionStorage.setItem(PREFIX + name, text);
    } catch {
      // the other one has it, or its fallback
    }
    return storage.set(name, text);
  },
};

const fallback = new Map();
