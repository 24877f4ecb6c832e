// How many comments wait, kept up to date while somebody looks at the page.

const EVERY = 30000; // milliseconds

const tabs = document.querySelector("[data-counts]");
const title = document.title;

async function count() {
  if (document.hidden) return;
  try {
    const response = await fetch(tabs.dataset.counts, { headers: { Accept: "application/json" } });
    if (!response.ok) return;
    const counts = await response.json();
    for (const place of tabs.querySelectorAll("[data-count]")) place.textContent = counts[place.dataset.count];
    document.title = counts.waiting === "0" ? title : `(${counts.waiting}) ${title}`;
  } catch {
    // The next time is soon.
  }
}

export function watchCounts() {
  if (!tabs) return;
  setInterval(count, EVERY);
  document.addEventListener("visibilitychange", count);
}
