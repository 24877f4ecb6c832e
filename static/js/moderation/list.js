// The comments on the page: which one is marked, which are ticked, which are done with.

let ticked = null; // the box that was ticked last, from which Shift goes on

export const queue = document.getElementById("queue");
export const cards = () => [...queue.querySelectorAll(".moderated:not([hidden])")];
export const boxes = () => cards().map((card) => card.querySelector(".pick"));
export const current = () => cards().find((card) => card.hasAttribute("aria-current")) ?? cards()[0];

export function mark(card) {
  for (const other of queue.querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
  card?.setAttribute("aria-current", "true");
}

// Mark a comment and bring it into sight; without one, the heading, so that the focus is never lost.
export function goTo(card) {
  const place = card ?? document.querySelector("h1");
  mark(card);
  place.focus({ preventScroll: true });
  const told = place.previousElementSibling;
  (told?.id === "told" ? told : place).scrollIntoView({ block: card ? "start" : "nearest", behavior: "instant" });
}

export function step(by) {
  const all = cards();
  const marked = all.findIndex((card) => card.hasAttribute("aria-current"));
  goTo(all[Math.min(Math.max(marked + by, 0), all.length - 1)]);
}

// Show or put away these comments; return the one that is next after `at` then.
export function show(numbers, shown, at) {
  const all = cards();
  for (const number of numbers) {
    const card = queue.querySelector(`[data-comment="${number}"]`);
    if (!card) continue;
    card.hidden = !shown;
    card.querySelector(".pick").checked = false;
    for (const form of card.querySelectorAll("details")) form.open = false;
  }
  countTicked();
  const from = Math.max(all.indexOf(at), 0);
  return [...all.slice(from), ...all.slice(0, from).reverse()].find((card) => !card.hidden);
}

export function tick(box, range) {
  const all = boxes();
  const from = range ? all.indexOf(ticked) : -1;
  const to = all.indexOf(box);
  if (from >= 0) for (const one of all.slice(Math.min(from, to), Math.max(from, to) + 1)) one.checked = box.checked;
  ticked = box;
  countTicked();
}

function countTicked() {
  const place = queue.querySelector("[data-ticked]");
  if (place) place.textContent = boxes().filter((box) => box.checked).length || "";
}

// The boxes of a list that has just come.
export function keepTicks() {
  ticked = null;
  const all = queue.querySelector("[data-tick-all]");
  if (all) all.hidden = false;
  countTicked();
}

queue?.addEventListener("click", (event) => {
  if (event.target.matches(".pick")) tick(event.target, event.shiftKey);
  if (event.target.closest("[data-tick-all]")) {
    const rest = boxes().some((box) => !box.checked);
    for (const box of boxes()) box.checked = rest;
    countTicked();
  }
});
queue?.addEventListener("focusin", (event) => {
  const card = event.target.closest(".moderated");
  if (card) mark(card);
});
