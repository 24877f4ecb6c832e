// Changing what stands in a textarea, and saying things in the editor's words.

import { token } from "../token.js";

// Put `text` where the stretch from `from` to `to` stands. Ctrl+Z takes it back wherever the text has the focus; it
// does not when somebody is writing elsewhere meanwhile, whose focus is theirs. The selection stays where it was
// unless one is given.
export function replace(area, from, to, text, selection) {
  const grown = text.length - (to - from);
  const moved = (place) => (place <= from ? place : place >= to ? place + grown : from + text.length);
  const [start, end] = selection ?? [moved(area.selectionStart), moved(area.selectionEnd)];
  if (document.activeElement !== area || !type(area, from, to, text)) {
    area.setRangeText(text, from, to);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  area.setSelectionRange(start, end);
}

// execCommand is deprecated, and still the one way by which a script's change takes part in undo.
function type(area, from, to, text) {
  area.setSelectionRange(from, to);
  return text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
}

// Make a mark (marks.js) at the selection; return what was put into the text.
export function apply(area, mark, words) {
  const made = mark({ text: area.value, start: area.selectionStart, end: area.selectionEnd, ...words });
  area.focus();
  replace(area, made.from, made.to, made.insert, made.select);
  return made.insert;
}

// Return the editor's sentence of this name, with values for what stands in braces.
export function says(editor, name, values = {}) {
  const sentence = editor.querySelector(`template[data-says="${name}"]`).content.textContent;
  return sentence.replace(/\{(\w+)\}/g, (_match, key) => values[key]);
}

export function tell(editor, sentence) {
  editor.querySelector(".editor-status").textContent = sentence;
  editor.querySelector(".editor-error").textContent = "";
}

export function complain(editor, sentence) {
  editor.querySelector(".editor-status").textContent = "";
  editor.querySelector(".editor-error").textContent = sentence;
}

// The sentence in a refusal; what is no answer of ours (a proxy's page, nothing at all) gets one of the editor's.
export function reason(editor, body) {
  try {
    return JSON.parse(body).error || says(editor, "unreachable");
  } catch {
    return says(editor, "unreachable");
  }
}

// Send fields to one of the editor's views; return its answer. Throws an Error with a sentence for the writer.
export async function ask(editor, path, fields, signal) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  let response;
  try {
    response = await fetch(path, { method: "POST", body, signal, headers: { "X-CSRFToken": token(editor.closest("form")) } });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error(says(editor, "unreachable"));
  }
  if (!response.ok) throw new Error(reason(editor, await response.text()));
  return response;
}
