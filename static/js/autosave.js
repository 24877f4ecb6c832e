// Keeps what is typed into a text's form on the server, so that a crash takes nothing along, and asks before an
// unsaved form is left. Saving itself needs no script.

import { token } from "./token.js";

const EVERY = 2000; // milliseconds between keystroke and keeping
const AGAIN = 10000; // milliseconds after a failure
const ROWS = /^(sources|corrections)-\d+-(text|url)$/;
const LAST_WORDS = 60000; // bytes; browsers send at most 64 KiB for a page that is going away (Fetch, "keepalive")

const status = document.getElementById("kept");
const form = status?.closest("form");

let timer = 0;
let due = 0;
let sending = null;
let kept = "";
let saving = false;

// The words: the text's own fields that hold some, and those of the rows under it.
function words() {
  const own = status.dataset.fields.split(" ");
  const fields = [...form.elements].filter(({ name }) => own.includes(name) || ROWS.test(name));
  return Object.fromEntries(fields.map((field) => [field.name, field.value]));
}

function copy() {
  const number = (value) => Number(value) || null;
  return JSON.stringify({
    kind: status.dataset.kind,
    text: number(status.dataset.text),
    tab: form.elements.tab.value,
    base_revision: number(form.elements.base_revision.value),
    values: words(),
  });
}

function tell(sentences) {
  status.replaceChildren(...sentences.map((sentence) => {
    const line = document.createElement("span");
    line.textContent = sentence;
    return line;
  }));
}

async function keep(leaving = false) {
  clearTimeout(timer);
  timer = 0;
  const body = copy();
  if (saving || body === kept) return;
  sending?.abort();
  const mine = sending = new AbortController();
  try {
    const response = await fetch(status.dataset.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token(form) },
      body,
      keepalive: leaving && new Blob([body]).size < LAST_WORDS,
      signal: mine.signal,
    });
    const answer = await response.json();
    status.classList.toggle("kept-failed", !response.ok);
    tell([answer.told, ...(answer.warnings ?? [])]);
    if (response.ok) kept = body;
    else soon(AGAIN);
  } catch (error) {
    if (mine.signal.aborted) return;
    status.classList.add("kept-failed");
    tell([status.dataset.failed]);
    soon(AGAIN);
  }
}

function soon(milliseconds = EVERY) {
  const time = Date.now() + milliseconds;
  if (timer && due <= time) return;
  clearTimeout(timer);
  due = time;
  timer = setTimeout(() => keep(), milliseconds);
}

// Everything in the form, to tell whether leaving would lose something. The address of a new text makes itself, and
// the token renews itself.
function everything() {
  const own = status.dataset.text ? ["csrfmiddlewaretoken"] : ["csrfmiddlewaretoken", "slug"];
  const entries = [...new FormData(form)].filter(([name]) => !own.includes(name));
  return JSON.stringify(entries.map(([name, value]) => [name, value.name ?? value]));
}

if (form) {
  const opened = everything();
  if (!("unsaved" in status.dataset)) kept = copy(); // what the server holds anyway: the text, or a copy taken over
  else soon();
  const changed = () => "unsaved" in status.dataset || everything() !== opened;

  document.querySelector(".field-source")?.append(status);
  form.addEventListener("input", () => soon());
  form.addEventListener("change", () => soon());
  form.addEventListener("submit", () => { saving = true; sending?.abort(); });
  addEventListener("pageshow", () => { saving = false; });
  addEventListener("visibilitychange", () => { if (document.hidden) keep(true); });
  addEventListener("pagehide", () => keep(true));
  addEventListener("beforeunload", (event) => { if (!saving && changed()) event.preventDefault(); });
}
