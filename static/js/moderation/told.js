// The line that says what was done. It is shown where it was done; a place that never moves tells screen readers.

const line = document.getElementById("told");
const said = document.getElementById("said");

export const undoForm = () => line.querySelector("form");

// Put the line back where it stood at first, out of the list.
export const rest = () => said.after(line);

export function say({ told, undo, before, failed = false, nothing = false, wrong = failed }) {
  const sentence = failed ? said.dataset.failed : nothing ? said.dataset.nothing : told;
  line.querySelector("p").textContent = sentence;
  line.classList.toggle("notice-wrong", wrong);
  line.hidden = false;
  said.textContent = sentence;
  if (failed || nothing || wrong) return; // what Undo takes back is still what it was
  undoForm().hidden = !undo;
  if (undo) undoForm().setAttribute("action", undo + location.search);
  if (before) before.before(line);
  else rest();
}
