// Keeps what is typed into a text's form on the server, so that a crash takes nothing along, and asks before an
// unsaved form is left. Saving itself needs no script.

const EVERY = 2000; // milliseconds between keystroke and keeping
const AGAIN = 10000; // milliseconds after a failure
const LAST_WORDS = 60000; // bytes; browsers send at most 64 KiB for a page that is going away (Fetch, "keepalive")

const status = document.getElementById("kept");
const form = status?.closest("form");

let timer = 0;
let sending = null;
let kept = "";
let saving = false;

// The words: text fields that somebody can type into, without dates, and without the template of rows to come.
function words() {
  const fields = [...form.elements].filter((field) =>
    (field.type === "textarea" || field.type === "text" || field.type === "url") &&
    field.name && !field.readOnly && !field.name.includes("__prefix__"));
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
      headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
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
  timer ||= setTimeout(() => keep(), milliseconds);
}

// Everything in the form, to tell whether leaving would lose something.
function everything() {
  const entries = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  return JSON.stringify(entries.map(([name, value]) => [name, value.name ?? value]));
}

if (form) {
  const opened = everything();
  if (!("unsaved" in status.dataset)) kept = copy();
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
