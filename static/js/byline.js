// Shortens the way for readers whose browser runs scripts. Every page does the same without it.

// "Reply" brings the form to the comment it answers, instead of opening a page of its own.
const form = document.getElementById("comment-form");
const conversation = document.getElementById("comments");

function answer(link) {
  let parent = form.elements.parent;
  if (!parent) {
    parent = document.createElement("input");
    parent.type = "hidden";
    parent.name = "parent";
    form.prepend(parent);
  }
  parent.value = link.dataset.reply;
  form.querySelector("h3").textContent = link.textContent.trim().replace(/\s+/g, " ");
  link.closest(".comment-body").append(form);
  form.elements.body.focus();
}

if (form && conversation) {
  conversation.addEventListener("click", (event) => {
    const link = event.target.closest("[data-reply]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    answer(link);
  });
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
