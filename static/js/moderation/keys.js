// Single keys for moderators. WCAG 2.1.4: they can be switched off, which this device remembers.

import { boxes, cards, current, goTo, step, tick } from "./list.js";
import { say, undoForm } from "./told.js";

const OFF = "moderation-keys-off";
const moves = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

function remembered() {
  try {
    return localStorage.getItem(OFF) === null;
  } catch {
    return true; // a browser that keeps nothing
  }
}

function remember(on) {
  try {
    if (on) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  } catch {
    // Then it holds for this page.
  }
}

// What a key presses: a button for all that is ticked, else for the comment that is marked.
function target(key) {
  const many = boxes().some((box) => box.checked);
  const place = many ? document.getElementById("many") : current();
  const names = { a: ["approve", "keep"], s: ["spam"], d: ["remove"], w: ["hold"], b: ["ban"] }[key];
  if (many) return names && place.querySelector(names.map((name) => `[value="${name}"]`).join());
  return place?.querySelector(`.verbs [aria-keyshortcuts="${key}"]`);
}

function press(key, event) {
  if (key in moves) return step(moves[key]);
  if (key === "u") return undoForm().hidden ? say({ nothing: true }) : undoForm().requestSubmit();
  if (key === "?") return help();
  if (key === "x" || key === "X") return pick(event.shiftKey);
  const found = target(key);
  if (!found) return false;
  if (found.matches("summary")) return open(found.parentElement);
  return found.click();
}

function help() {
  const keys = document.getElementById("keys");
  keys.scrollIntoView({ block: "nearest" });
  document.getElementById("keys-on").focus({ preventScroll: true });
}

function pick(range) {
  const card = current();
  if (!card) return;
  const box = card.querySelector(".pick");
  box.checked = range || !box.checked;
  tick(box, range);
  goTo(card);
}

function open(details) {
  goTo(details.closest(".moderated"));
  details.open = true;
  details.querySelector("input:not([type=hidden]), textarea").focus();
}

// Escape leaves a small form; its words stay in it.
function close(field) {
  const details = field.closest("details");
  if (!details) return;
  details.open = false;
  goTo(details.closest(".moderated"));
}

export function takeKeys() {
  const box = document.getElementById("keys-on");
  const alive = (on) => {
    box.checked = on;
    document.documentElement.classList.toggle("keys-alive", on);
  };
  document.getElementById("keys").hidden = false;
  alive(remembered());
  box.addEventListener("change", () => { remember(box.checked); alive(box.checked); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return close(event.target);
    const typing = event.target.matches("input:not([type=checkbox]), textarea, select");
    if (!box.checked || typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat && !(event.key in moves)) return;
    if (!cards().length && !"u?".includes(event.key)) return;
    if (press(event.key, event) !== false) event.preventDefault();
  });
}
