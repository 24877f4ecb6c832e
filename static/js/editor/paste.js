// Rich text becomes Markdown. First its words stand there, as they would without this; the marks come a moment
// later, so that nothing is lost if the server does not answer, and one Ctrl+Z goes back to the plain words.

import { ask, complain, replace } from "./text.js";

const MARKED = "a[href], b, strong, i, em, h1, h2, h3, h4, h5, h6, ul, ol, blockquote, pre, code, table, img, [style*='font-weight:7'], [style*='font-weight: 7']";

export function takeRichText(editor, area) {
  let plain = false; // Shift says: as it is
  for (const turn of ["keydown", "keyup"]) area.addEventListener(turn, (event) => (plain = event.shiftKey));
  area.addEventListener("paste", (event) => {
    const html = event.clipboardData.getData("text/html");
    const words = event.clipboardData.getData("text/plain").replaceAll("\r\n", "\n");
    if (plain || !words || !isMarked(html)) return;
    event.preventDefault();
    const from = area.selectionStart;
    replace(area, from, area.selectionEnd, words, [from + words.length, from + words.length]);
    convert(editor, area, html, words, from);
  });
}

export function isMarked(html) {
  return Boolean(html) && new DOMParser().parseFromString(html, "text/html").querySelector(MARKED) !== null;
}

async function convert(editor, area, html, words, from) {
  try {
    const { markdown } = await (await ask(editor, editor.dataset.pastePath, { html })).json();
    if (!markdown || markdown === words) return;
    const at = area.value.startsWith(words, from) ? from : area.value.indexOf(words);
    if (at !== -1) replace(area, at, at + words.length, markdown);
  } catch (error) {
    complain(editor, error.message);
  }
}
