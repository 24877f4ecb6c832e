// Shortens the way for readers whose browser runs scripts. Every page does the same without it.

// --- Writing a comment ---

const form = document.getElementById("comment-form");
const conversation = document.getElementById("comments");
const PAUSE = 600; // milliseconds without a keystroke
const NEAR = 500; // characters left, from which on a screen reader is told

// Storage may be full or forbidden: then nothing is kept, and everything else works.
function kept(storage, key) {
  try {
    return JSON.parse(window[storage].getItem(key)) ?? {};
  } catch {
    return {};
  }
}

function keep(storage, key, values) {
  try {
    if (values) window[storage].setItem(key, JSON.stringify(values));
    else window[storage].removeItem(key);
  } catch { /* see above */ }
}

// "Reply" brings the form to the comment it answers, instead of opening a page of its own; and it can go back.
const home = document.createComment("");
const heading = form?.querySelector("h3");
const title = heading?.textContent;
const unanswer = form?.querySelector("[data-unanswer]");

function answer(link) {
  if (!form.elements.parent) {
    const parent = document.createElement("input");
    parent.type = "hidden";
    parent.name = "parent";
    form.prepend(parent);
  }
  if (!home.isConnected) form.before(home);
  form.elements.parent.value = link.dataset.reply;
  heading.textContent = link.textContent.trim().replace(/\s+/g, " ");
  unanswer.hidden = false;
  link.closest(".comment-body").append(form);
}

if (form && conversation) {
  conversation.addEventListener("click", (event) => {
    const link = event.target.closest("[data-reply]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    answer(link);
    keepDraft();
    form.elements.body.focus();
  });
  unanswer.addEventListener("click", () => {
    form.elements.parent.remove();
    heading.textContent = title;
    unanswer.hidden = true;
    home.replaceWith(form);
    keepDraft();
    form.elements.body.focus();
  });
}

// What was typed stays in this tab until it is sent: it survives a reload, and goes nowhere.
const draftKey = (post) => `draft-${post}`;
const typed = (field) => field.name && !["hidden", "submit", "button"].includes(field.type);
const isChoice = (field) => ["checkbox", "radio"].includes(field.type);

function keepDraft(sent = false) {
  const fields = [...form.elements].filter((field) => typed(field) && (!isChoice(field) || field.checked));
  const values = Object.fromEntries(fields.map((field) => [field.name, field.value]));
  keep("sessionStorage", draftKey(form.dataset.draft), { values, sent, parent: form.elements.parent?.value });
}

function restoreDraft() {
  const { values, parent } = kept("sessionStorage", draftKey(form.dataset.draft));
  if (!values) return;
  for (const field of [...form.elements].filter(typed)) {
    if (isChoice(field)) field.checked = values[field.name] === field.value;
    else field.value ||= values[field.name] ?? "";
  }
  const link = parent && !form.elements.parent && conversation?.querySelector(`[data-reply="${CSS.escape(parent)}"]`);
  if (link) answer(link);
}

// Who asks for it is known again on this device. Unticked, it is forgotten at once.
const remember = form?.querySelector("[data-remember]");
const ME = ["name", "email", "website"];

function keepMe() {
  const me = Object.fromEntries(ME.map((name) => [name, form.elements[name].value]));
  keep("localStorage", "commenter", remember.checked ? me : null);
}

function recallMe() {
  const me = kept("localStorage", "commenter");
  remember.closest("label").hidden = false;
  remember.checked = "name" in me;
  if ("fresh" in form.dataset) for (const name of ME) form.elements[name].value ||= me[name] ?? "";
}

// How much more fits: seen from the first letter on, said aloud near the end alone.
function countDown(area) {
  const count = form.querySelector(".comment-count");
  const said = document.createElement("p");
  let pause;
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  area.after(count, said);
  const renew = () => {
    const left = Number(area.dataset.limit) - [...area.value.trim()].length;
    count.hidden = !area.value;
    count.classList.toggle("error", left < 0);
    count.textContent = (left < 0 ? count.dataset.over : count.dataset.left).replace("{number}", Math.abs(left));
    clearTimeout(pause);
    if (left <= NEAR) pause = setTimeout(() => { said.textContent = count.textContent; }, PAUSE);
  };
  area.addEventListener("input", renew);
  renew();
}

// The preview is the part of the server's answer that shows the comment; typing on renews it.
let asked;

async function showPreview(byHand) {
  const values = new URLSearchParams(new FormData(form));
  values.set("preview", "1");
  asked?.abort();
  asked = new AbortController();
  try {
    const response = await fetch(form.action, { method: "POST", body: values, signal: asked.signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const preview = page.querySelector(".comment-preview");
    if (!preview) throw new Error(response.status);
    document.querySelector(".comment-preview")?.remove();
    form.querySelector(".buttons").before(preview);
    if (byHand) preview.focus();
  } catch (error) {
    if (byHand && error.name !== "AbortError") askPlainly();
  }
}

// What the server has to say instead of a preview is a page of its own.
function askPlainly() {
  const button = form.elements.preview;
  form.removeEventListener("submit", send);
  form.requestSubmit(button);
}

function send(event) {
  const isPreview = event.submitter?.name === "preview";
  keepDraft(!isPreview);
  if (!isPreview) return;
  event.preventDefault();
  showPreview(true);
}

if (form?.elements.body) countDown(form.elements.body);
if (form?.dataset.draft) {
  let pause;
  if ("fresh" in form.dataset) restoreDraft();
  if (remember) recallMe();
  form.elements.body.dispatchEvent(new Event("input")); // counts what was restored
  form.addEventListener("submit", send);
  form.addEventListener("input", () => {
    keepDraft();
    if (remember) keepMe();
    clearTimeout(pause);
    if (document.querySelector(".comment-preview")) pause = setTimeout(showPreview, PAUSE);
  });
}

// On the private page of what was sent from here, the draft has done its work.
const sent = document.querySelector("[data-sent]");
if (sent && kept("sessionStorage", draftKey(sent.dataset.sent)).sent) keep("sessionStorage", draftKey(sent.dataset.sent));

// A thumbs-up is counted in place. What the server refuses is sent again the ordinary way, and its page says why.
document.getElementById("thumbs")?.addEventListener("submit", async (event) => {
  const button = event.submitter;
  event.preventDefault();
  const sent = { method: "POST", body: new FormData(event.target), headers: { Accept: "application/json" } };
  const answer = await fetch(button.formAction, sent).catch(() => null);
  if (!answer?.ok) {
    event.target.action = button.formAction;
    event.target.submit();
    return;
  }
  const { thumbs, given } = await answer.json();
  button.querySelector("b").textContent = thumbs || "";
  button.setAttribute("aria-pressed", given);
});

// What was first shown since this device last had the conversation in sight is marked. The moment is kept here, in
// the browser's own storage, and goes nowhere; without storage nothing is marked.
function markNew(storage) {
  const key = `conversation ${location.pathname}`;
  const before = Number(storage.getItem(key));
  const comments = [...conversation.querySelectorAll("[data-shown]")];
  const moments = comments.map((comment) => Date.parse(comment.dataset.shown));
  const fresh = before ? comments.filter((_, number) => moments[number] > before) : [];
  const line = document.getElementById("comments-new");
  if (fresh.length) {
    for (const comment of fresh) comment.classList.add("comment-new");
    line.hidden = false;
    line.firstElementChild.hash = fresh[0].id;
    line.firstElementChild.append(` ${fresh.length}`);
  }
  new IntersectionObserver(([{ isIntersecting }]) => {
    if (isIntersecting) storage.setItem(key, Math.max(before, 1, ...moments));
  }).observe(conversation);
}

try {
  if (conversation) markNew(localStorage);
} catch {
  // This browser keeps nothing for pages.
}

// A summary of errors takes the focus, so that a screen reader begins with it.
document.querySelector(".error-summary")?.focus();

// The table of contents stands open where it has the margin for itself.
const contents = document.querySelector(".toc");
if (contents) contents.open = matchMedia("(min-width: 75rem)").matches;

// What a button did, said on the button for a moment.
function tell(button, words) {
  const label = button.textContent;
  button.textContent = words;
  setTimeout(() => { button.textContent = label; }, 2000);
}

function copies(button, text, told) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    tell(button, told);
  });
}

// Buttons that need a script appear only with it; browsers lend the clipboard on https (and localhost) only.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-share]")) copies(button, button.dataset.share, button.dataset.shared);
  for (const code of document.querySelectorAll("[data-copy] pre")) {
    const words = code.closest("[data-copy]").dataset;
    const box = document.createElement("div");
    const button = document.createElement("button");
    box.className = "code-box";
    button.type = "button";
    button.className = "button-quiet";
    button.textContent = words.copy;
    code.replaceWith(box);
    box.append(code, button);
    copies(button, code.textContent, words.copied);
  }
}

// --- Links to sections and comments: plain links, which are copied where the browser lends its clipboard ---

const text = document.querySelector(".post .text");
const words = document.getElementById("anchor-words")?.dataset; // on published posts alone
const told = document.createElement("p"); // for screen readers: there before it is needed
told.className = "visually-hidden";
told.setAttribute("role", "status");
if (words) document.body.append(told);

function anchor(address, label) {
  const link = document.createElement("a");
  link.className = "anchor";
  link.href = address;
  link.rel = "nofollow";
  link.setAttribute("aria-label", label);
  link.addEventListener("click", async (event) => {
    if (!navigator.clipboard || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const comment = link.closest(".comment");
    if (comment) {
      event.preventDefault(); // its place is on this page already
      location.hash = comment.id;
    }
    try {
      await navigator.clipboard.writeText(link.href);
    } catch {
      return; // the browser said no: the address bar has the link
    }
    link.dataset.told = told.textContent = words.copied;
    setTimeout(() => {
      delete link.dataset.told;
      told.textContent = "";
    }, 2000);
  });
  return link;
}

if (words) {
  const here = location.pathname;
  for (const heading of text.querySelectorAll(":scope > :is(h2, h3, h4)[id]")) {
    heading.after(anchor(`${here}#${heading.id}`, words.heading.replace("{name}", heading.textContent)));
  }
  for (const permalink of document.querySelectorAll(".comment-head > a.meta")) {
    const name = permalink.parentElement.querySelector(".comment-name").textContent;
    permalink.after(anchor(permalink.href, words.comment.replace("{name}", name)));
  }
}

// --- Where reading stopped: kept on this device once a reader has read a good way into a long post, and offered on
// the next visit; forgotten at the end of the text ---

const FAR = 1.5; // screens of text above, from which on a place is worth keeping
const LONG = 3; // screens that a text fills before it is long
const MOST_PLACES = 50;
const OPENING = 80; // characters of a paragraph by which it is found again, should the post be edited meanwhile
const offer = document.getElementById("continue"); // on published posts alone
const blocks = () => [...text.children].filter((block) => block.className !== "anchor" && block.textContent.trim());
const opening = (block) => block.textContent.trim().slice(0, OPENING);
const opensWith = (words) => blocks().filter((block) => opening(block) === words);

function keepPlace(place) {
  const { [location.pathname]: _, ...places } = kept("localStorage", "places");
  const newest = Object.entries(places).slice(1 - MOST_PLACES);
  if (place) newest.push([location.pathname, place]);
  keep("localStorage", "places", newest.length ? Object.fromEntries(newest) : null);
}

function noteProgress() {
  const { top, bottom, height } = text.getBoundingClientRect();
  if (bottom > innerHeight) {
    if (height > LONG * innerHeight && -top > FAR * innerHeight) {
      const block = blocks().find((block) => block.getBoundingClientRect().bottom > 0);
      keepPlace({ words: opening(block), turn: opensWith(opening(block)).indexOf(block) });
    }
  } else if (bottom > -innerHeight) { // further down somebody jumped to the comments, and has not read what is above
    keepPlace(null);
    keepCopy();
  }
}

// --- A copy for when there is no connection: static/root/offline.js keeps it, once a post was read to its end ---

let isCopied = false;

async function keepCopy() {
  if (isCopied || document.getElementById("offline")?.hidden !== true) return; // none is wanted, or this is the copy
  isCopied = true;
  try {
    const worker = await navigator.serviceWorker.register("/offline.js", { scope: "/posts/" });
    (worker.active ?? worker.waiting ?? worker.installing).postMessage({ read: location.pathname });
  } catch { /* not on https, or this browser keeps nothing for pages */ }
}

function offerPlace() {
  const place = kept("localStorage", "places")[location.pathname];
  const [arrival] = performance.getEntriesByType("navigation");
  if (!place || location.hash || ["reload", "back_forward"].includes(arrival?.type)) return; // the browser knows better
  const found = opensWith(place.words);
  const block = found[place.turn] ?? found[0];
  if (!block) return;
  const line = offer.content.firstElementChild.cloneNode(true);
  const [link, dismiss] = line.children;
  let heading = block;
  while (heading && !heading.matches("[id]:is(h2, h3, h4)")) heading = heading.previousElementSibling;
  if (heading) link.hash = heading.id;
  link.addEventListener("click", (event) => {
    event.preventDefault(); // to the paragraph, which has no address
    line.remove();
    block.tabIndex = -1;
    block.focus({ preventScroll: true });
    block.scrollIntoView();
  });
  dismiss.addEventListener("click", () => {
    line.remove();
    keepPlace(null);
    text.tabIndex = -1;
    text.focus({ preventScroll: true });
  });
  document.querySelector(".post-header").append(line);
}

// Where the browser itself scrolls (to a fragment, back to an earlier place) nothing was read yet.
function whenReaderActs(begin) {
  const signs = ["wheel", "touchmove", "keydown", "pointerdown", "pointermove"];
  const once = () => {
    for (const sign of signs) removeEventListener(sign, once);
    begin();
  };
  for (const sign of signs) addEventListener(sign, once, { passive: true });
}

if (offer) {
  offerPlace();
  whenReaderActs(() => {
    let pause;
    addEventListener("scroll", () => {
      clearTimeout(pause);
      pause = setTimeout(noteProgress, PAUSE / 2);
    }, { passive: true });
    addEventListener("pagehide", noteProgress);
  });
}

// --- Keyboard shortcuts: single keys, off in fields, and off altogether for who wants that (WCAG 2.2, 2.1.4) ---

const sheet = document.getElementById("shortcuts");
const STOPS = ".text > :is(h2, h3, h4), .post-notes h2, #comments-title, .comment, .lead h2 a, .post-line h2 a, .titles a";
const MARGIN = 24; // pixels from the top of the window that still count as the top
let areOn = kept("localStorage", "shortcuts").on ?? true; // where nothing can be kept, for this page
let dialog;

function showShortcuts() {
  if (!dialog) {
    document.body.append(sheet.content.cloneNode(true));
    dialog = document.querySelector("dialog.shortcuts");
    dialog.querySelector("button").addEventListener("click", () => dialog.close());
    const choice = dialog.querySelector("[type=checkbox]");
    choice.checked = areOn;
    choice.addEventListener("change", () => {
      areOn = choice.checked;
      keep("localStorage", "shortcuts", areOn ? null : { on: false });
    });
  }
  dialog.showModal();
}

// From the stop that has the focus; else from what is at the top of the window.
function step(by) {
  const stops = [...document.querySelectorAll(STOPS)].filter((stop) => stop.checkVisibility());
  const tops = stops.map((stop) => stop.getBoundingClientRect().top);
  let number = stops.findLastIndex((stop) => stop.contains(document.activeElement));
  if (number < 0 && by > 0) number = tops.findLastIndex((top) => top < MARGIN);
  else if (number < 0) number = tops.filter((top) => top < 0).length;
  const stop = stops[number + by];
  if (!stop) return;
  if (!stop.href) stop.tabIndex = -1;
  stop.focus({ preventScroll: true });
  stop.scrollIntoView();
}

function search() {
  const field = document.getElementById("search-words");
  if (field) field.select();
  else document.querySelector("[rel=search]").click();
}

const SHORTCUTS = {
  j: () => step(1),
  k: () => step(-1),
  c: () => form?.elements.body.focus(),
  "/": search,
  "?": showShortcuts,
};

if (sheet && "checkVisibility" in Element.prototype) {
  const place = document.querySelector(".shortcuts-place");
  place.classList.add("ready");
  place.firstElementChild.addEventListener("click", showShortcuts);
  addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (!areOn || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || dialog?.open) return;
    if (target.matches("input, textarea, select, [contenteditable]") || !Object.hasOwn(SHORTCUTS, key)) return;
    event.preventDefault();
    SHORTCUTS[key]();
  });
}

// --- On paper, links have numbers, and their addresses stand at the end of the text ---

function numberLinks() {
  const list = document.createElement("ol");
  const addresses = [];
  for (const link of text.querySelectorAll("a[href]:not([href^='#'], .anchor, .link-number)")) {
    if (!addresses.includes(link.href)) addresses.push(link.href);
    const number = document.createElement("sup");
    number.className = "link-number";
    number.textContent = addresses.indexOf(link.href) + 1;
    link.after(number);
  }
  if (!addresses.length) return;
  for (const address of addresses) list.appendChild(document.createElement("li")).textContent = address;
  const notes = document.createElement("section");
  const heading = document.createElement("h2");
  notes.className = "link-notes";
  heading.textContent = words.onPaper;
  notes.append(heading, list);
  text.parentElement.after(notes);
  text.classList.add("numbered");
}

if (words) {
  addEventListener("beforeprint", numberLinks);
  addEventListener("afterprint", () => {
    for (const added of document.querySelectorAll(".link-number, .link-notes")) added.remove();
    text.classList.remove("numbered");
  });
}
