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

// select2 comes when it is ready, and again with every row that is added.
new MutationObserver((changes) => {
  const added = changes.flatMap((change) => [...change.addedNodes]);
  if (added.some((node) => node.matches?.(".select2-container"))) nameParts();
}).observe(document.body, { childList: true, subtree: true });
nameParts();
