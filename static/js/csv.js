import { save } from "./save.js";

/**
 * Have the browser download a table, under a name: rows of texts and numbers, the first its head.
 *
 * It begins with a byte order mark, without which Excel takes × and ÷ for something else.
 */
export function saveCsv(name, rows) {
  const lines = rows.map((row) => row.map(quoted).join(","));
  save(name, "text/csv", ["\ufeff" + lines[0], ...lines.slice(1), ""].join("\r\n"));
}

/** A number with commas in it is one field still, and what looks like a formula is none. */
function quoted(field) {
  if (/^[\w.]*$/.test(field)) return field;
  const isFormula = /^[=@]|^[+-](?![\d.,×%]*$)/.test(field);
  return `"${isFormula ? "'" : ""}${String(field).replaceAll('"', '""')}"`;
}
