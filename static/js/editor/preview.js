// The preview: the page's own renderer and style sheet, asked again when the writer pauses.

import { ask, complain } from "./text.js";

const PAUSE = 400; // milliseconds without a keystroke

export function keepPreview(editor, area) {
  const frame = editor.querySelector("iframe");
  const panel = frame.parentElement;
  const title = editor.closest("form").elements.title;
  let timer;
  let running;

  async function renew() {
    running?.abort();
    running = new AbortController();
    const { signal } = running;
    try {
      const fields = { content: area.value, title: title?.value ?? "" };
      const response = await ask(editor, area.dataset.markdownxUrlsPath, fields, signal);
      show(await response.text());
    } catch (error) {
      if (signal.aborted) return;
      complain(editor, error.message);
    }
    panel.removeAttribute("aria-busy");
  }

  function show(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("main");
    const main = frame.contentDocument?.querySelector("main");
    if (main) update(main, fresh);
    else frame.srcdoc = html;
    editor.querySelector(".editor-count").textContent = fresh.dataset.count;
  }

  const later = () => {
    panel.setAttribute("aria-busy", "true");
    clearTimeout(timer);
    timer = setTimeout(renew, PAUSE);
  };
  area.addEventListener("input", later);
  title?.addEventListener("input", later);
  area.addEventListener("scroll", () => follow(area, frame), { passive: true });
  frame.addEventListener("load", () => frame.contentDocument.addEventListener("click", openElsewhere));
  panel.setAttribute("aria-busy", "true");
  renew();
}

// Change only what differs, so that pictures do not blink and the writer's place is kept.
function update(old, fresh) {
  const [article, renewed] = [old, fresh].map((main) => main.querySelector("article"));
  const [head, newHead] = [article, renewed].map((part) => part.querySelector(".post-header"));
  head?.remove();
  if (newHead) article.prepend(newHead);

  const [text, newText] = [article, renewed].map((part) => part.querySelector(".text"));
  const [before, after] = [text, newText].map((part) => [...part.children]);
  let same = 0;
  while (same < before.length && before[same].isEqualNode(after[same] ?? null)) same += 1;
  let tail = 0;
  const most = Math.min(before.length, after.length) - same;
  while (tail < most && before.at(-1 - tail).isEqualNode(after.at(-1 - tail))) tail += 1;
  const behind = before[before.length - tail] ?? null;
  for (const gone of before.slice(same, before.length - tail)) gone.remove();
  for (const come of after.slice(same, after.length - tail)) text.insertBefore(come, behind);
}

// Both sides show the same part of the text, near enough.
function follow(area, frame) {
  const page = frame.contentDocument?.scrollingElement;
  const room = area.scrollHeight - area.clientHeight;
  if (page && room > 0) page.scrollTop = (area.scrollTop / room) * (page.scrollHeight - page.clientHeight);
}

// A link in the preview leads into a new tab: in its frame it would take the place of the text. A footnote stays.
function openElsewhere(event) {
  const link = event.target.closest("a[href]");
  if (!link || link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  window.open(link.href, "_blank", "noopener");
}
