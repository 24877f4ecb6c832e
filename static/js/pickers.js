// select2, which Django's admin puts in place of a list that is searched, leaves its parts without a name when nothing
// is chosen yet. They are called what the list is called (WCAG 2.2, 4.1.2).

function nameParts() {
  for (const list of document.querySelectorAll("select.admin-autocomplete")) {
    const name = list.getAttribute("aria-label") ?? list.labels[0]?.textContent.trim().replace(/:$/, "");
    const picker = list.nextElementSibling;
    if (!name || !picker?.matches(".select2-container")) continue;
    for (const part of picker.querySelectorAll("[role='combobox'], [role='textbox'], [role='searchbox']")) {
      if (part.matches("[role='combobox']") && part.hasAttribute("aria-labelledby")) {
        const shown = part.getAttribute("aria-labelledby").split(" ").at(-1);
        list.labels[0]?.setAttribute("id", `${list.id}_label`);
        part.setAttribute("aria-labelledby", list.labels[0] ? `${list.id}_label ${shown}` : shown);
      }
      part.setAttribute("aria-label", name);
    }
  }
}

// select2 is there once the document is, and again when a row is added.
addEventListener("load", nameParts);
document.addEventListener("formset:added", () => setTimeout(nameParts));
