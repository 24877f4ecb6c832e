// The queue without reloads: every form on the page works by itself; with this, its answer changes the page in place.

import { takeKeys } from "./moderation/keys.js";
import { watchCounts } from "./moderation/counts.js";
import { cards, current, goTo, keepTicks, mark, show } from "./moderation/list.js";
import { rest, say, undoForm } from "./moderation/told.js";
import { token } from "./token.js";

const done = []; // what Undo takes back, the latest last
let busy = false;

// Send a form and return the answer; null if nothing was decided, which has been said then.
async function ask(form, submitter) {
  token(form);
  try {
    const response = await fetch(form.getAttribute("action"), {
      method: "POST",
      body: new URLSearchParams(new FormData(form, submitter)),
      headers: { Accept: "application/json" },
    });
    const answer = await response.json();
    if (response.ok) return answer;
    complain(form, answer.error);
    if (response.status === 404) await refill();
  } catch {
    say({ failed: true });
  }
  return null;
}

// An error stands beside what was typed, where there is a place for it.
function complain(form, sentence) {
  const place = form.querySelector(".error");
  if (!place) return say({ told: sentence, wrong: true });
  place.textContent = sentence;
  place.hidden = false;
  form.querySelector("textarea").focus();
}

// Ask for the list anew: when the page is empty, or when what stayed on it looks different now.
async function refill() {
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!response.ok || response.redirected) return location.reload();
  rest();
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  document.getElementById("queue").replaceChildren(...page.getElementById("queue").childNodes);
  keepTicks();
}

async function act(form, submitter) {
  if (busy) return; // what is pressed meanwhile would decide a comment that nobody has looked at
  busy = true;
  const at = form.closest(".moderated") ?? current();
  const undoing = form === undoForm();
  try {
    const answer = await ask(form, submitter);
    if (answer) await (undoing ? takenBack(answer) : decided(answer, at));
  } finally {
    busy = false;
  }
}

async function decided({ told, undo, left, stayed }, at) {
  if (undo) done.push(undo);
  const next = show(left, false, at);
  if (stayed.length || !cards().length) await refill();
  const focus = stayed.length ? document.getElementById(at?.id) : next;
  say({ told, undo, before: focus });
  goTo(focus ?? cards()[0]);
}

async function takenBack({ told, left, stayed }) {
  done.pop();
  const known = stayed.every((number) => document.querySelector(`[data-comment="${number}"]`));
  if (known) show(stayed, true);
  if (!known || left.length) await refill();
  const back = document.querySelector(`[data-comment="${stayed[0]}"]`);
  say({ told, undo: done.at(-1), before: back });
  goTo(back ?? cards()[0]);
}

if (document.getElementById("queue")) {
  if (!undoForm().hidden) done.push(undoForm().getAttribute("action").split("?")[0]);
  document.addEventListener("submit", (event) => {
    if (event.target !== undoForm() && !("act" in event.target.dataset)) return;
    event.preventDefault();
    act(event.target, event.submitter);
  });
  keepTicks();
  mark(cards()[0]);
  takeKeys();
  watchCounts();
}
