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
