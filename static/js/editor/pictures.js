// Pictures: picked, dropped or pasted; described; sent, with progress shown; put where the caret was.

import { token } from "../token.js";
import { paragraph } from "./marks.js";
import { apply, complain, reason, replace, says, tell } from "./text.js";

export function takePictures(editor, area) {
  const input = editor.querySelector("input[type=file]");
  const take = async (files) => {
    for (const file of files) await takeOne(editor, area, file);
  };
  input.addEventListener("change", async () => {
    await take([...input.files]);
    input.value = "";
  });
  area.addEventListener("dragover", (event) => {
    if (event.dataTransfer.types.includes("Files")) event.preventDefault();
  });
  area.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    take([...event.dataTransfer.files]);
  });
  area.addEventListener("paste", (event) => {
    const { files } = event.clipboardData;
    if (!files.length || event.clipboardData.getData("text/plain")) return; // a table's picture comes with its words
    event.preventDefault();
    take([...files]);
  });
  return () => input.click();
}

async function takeOne(editor, area, file) {
  const wrong = objection(editor, file);
  if (wrong) return complain(editor, says(editor, "refused", { name: file.name, reason: wrong }));
  const place = [area.selectionStart, area.selectionEnd];
  const words = await describe(editor, file);
  area.setSelectionRange(...place); // Chromium forgets it when a dialog closes
  if (!words) return undefined;
  return send(editor, area, file, words);
}

function objection(editor, file) {
  if (file.size > Number(editor.dataset.largestUpload)) return says(editor, "too-large");
  if (file.type && !file.type.startsWith("image/")) return says(editor, "no-picture");
  return "";
}

// Ask what the picture shows; return the words, or null if it is to be left out.
function describe(editor, file) {
  const dialog = editor.querySelector("dialog");
  const inputs = [...dialog.querySelectorAll("[data-words]")];
  dialog.querySelector(".editor-file").textContent = file.name;
  for (const input of inputs) input.value = "";
  dialog.returnValue = "";
  dialog.showModal();
  inputs[0].focus();
  return new Promise((resolve) => {
    const answer = (event) => {
      const button = event.target.closest("[data-answer]");
      if (button) dialog.close(button.dataset.answer);
    };
    const enter = (event) => {
      if (event.key !== "Enter" || !inputs.includes(event.target)) return;
      event.preventDefault(); // it would save the whole form
      dialog.close("send");
    };
    dialog.addEventListener("click", answer);
    dialog.addEventListener("keydown", enter);
    dialog.addEventListener(
      "close",
      () => {
        dialog.removeEventListener("click", answer);
        dialog.removeEventListener("keydown", enter);
        const words = Object.fromEntries(inputs.map((input) => [input.dataset.words, input.value]));
        resolve(dialog.returnValue === "send" ? words : null);
      },
      { once: true },
    );
  });
}

// A placeholder keeps the picture's place while it is on its way; whoever takes it out gets the picture at the caret.
function send(editor, area, file, words) {
  const name = file.name.replace(/[*_`[\]<>\\]/g, "");
  const placeholder = `*${says(editor, "sending", { name })}*`;
  const inserted = apply(area, paragraph(placeholder));
  const progress = showProgress(editor, says(editor, "sending", { name: file.name }));
  const settle = (text) => {
    progress.remove();
    const held = !text && area.value.includes(inserted) ? inserted : placeholder;
    const at = area.value.indexOf(held);
    if (at !== -1) replace(area, at, at + held.length, text);
    else if (text) apply(area, paragraph(text));
  };
  const fail = (sentence) => {
    settle("");
    complain(editor, says(editor, "refused", { name: file.name, reason: sentence }));
  };

  const body = new FormData();
  body.append("image", file);
  for (const [key, value] of Object.entries(words)) body.append(key, value);
  const request = new XMLHttpRequest(); // fetch() does not tell how much was sent
  request.open("POST", area.dataset.markdownxUploadUrlsPath);
  request.setRequestHeader("X-CSRFToken", token(editor.closest("form")));
  request.upload.addEventListener("progress", (event) => event.lengthComputable && progress.show(event.loaded / event.total));
  request.addEventListener("error", () => fail(says(editor, "unreachable")));
  request.addEventListener("load", () => {
    if (request.status !== 201) return fail(reason(editor, request.responseText));
    settle(JSON.parse(request.responseText).image_code);
    return tell(editor, says(editor, "sent", { name: file.name }));
  });
  request.send(body);
  tell(editor, says(editor, "sending", { name: file.name }));
}

function showProgress(editor, label) {
  const list = editor.querySelector(".editor-uploads");
  const item = list.appendChild(document.createElement("li"));
  const bar = document.createElement("progress");
  bar.setAttribute("aria-label", label);
  item.append(label, " ", bar);
  list.hidden = false;
  return {
    show: (share) => (bar.value = share),
    remove: () => {
      item.remove();
      list.hidden = !list.children.length;
    },
  };
}
