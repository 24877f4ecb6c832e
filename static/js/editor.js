// The editor on the desk: a textarea with a toolbar, a preview beside it, and a place to drop pictures.
// Where it does not run there is a textarea. What Markdown means is the server's business, never decided here.

import { marks } from "./editor/marks.js";
import { takeRichText } from "./editor/paste.js";
import { takePictures } from "./editor/pictures.js";
import { keepPreview } from "./editor/preview.js";
import { apply, says } from "./editor/text.js";
import { token } from "./token.js";

function start(editor) {
  const area = editor.querySelector("textarea");
  const pick = takePictures(editor, area);
  const use = (name) => (name === "picture" ? pick() : apply(area, marks[name], { cell: says(editor, "cell") }));

  takeRichText(editor, area);
  keepPreview(editor, area);
  useToolbar(editor.querySelector("[role=toolbar]"), use);
  useTabs(editor, area);
  useKeys(editor, area, use);
  editor.closest("form").addEventListener("submit", ({ target }) => token(target));
  for (const part of editor.querySelectorAll(".editor-bar, .editor-foot, .editor-preview")) part.hidden = false;
  editor.classList.add("editor-alive");
}

// One stop for the Tab key, arrows inside (WAI-ARIA Authoring Practices, "Toolbar" and "Tabs").
function useArrows(list, buttons, moved) {
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length];
    moved(next);
    next.focus();
  });
}

function useToolbar(toolbar, use) {
  const buttons = [...toolbar.querySelectorAll("button")];
  const stopAt = (stop) => buttons.forEach((button) => (button.tabIndex = button === stop ? 0 : -1));
  stopAt(buttons[0]);
  useArrows(toolbar, buttons, stopAt);
  toolbar.addEventListener("mousedown", (event) => event.preventDefault()); // the caret stays in the text
  toolbar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mark]");
    if (!button) return;
    stopAt(button);
    use(button.dataset.mark);
  });
}

// Side by side where there is room (editor.css), else one of the two.
function useTabs(editor, area) {
  const list = editor.querySelector("[role=tablist]");
  const tabs = [...list.querySelectorAll("[role=tab]")];
  const show = (shown) => {
    for (const tab of tabs) {
      tab.setAttribute("aria-selected", String(tab === shown));
      tab.tabIndex = tab === shown ? 0 : -1;
    }
    editor.classList.toggle("editor-shows-preview", shown === tabs[1]);
  };
  list.addEventListener("click", (event) => tabs.includes(event.target) && show(event.target));
  useArrows(list, tabs, show);
  area.addEventListener("invalid", () => show(tabs[0])); // a browser cannot point at what is hidden
}

function useKeys(editor, area, use) {
  const names = { b: "bold", i: "italic", k: "link" };
  area.addEventListener("keydown", (event) => {
    const name = names[event.key.toLowerCase()];
    if (!name || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    use(name);
  });
}

for (const editor of document.querySelectorAll("[data-editor]")) start(editor);
