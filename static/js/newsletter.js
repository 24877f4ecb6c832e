// While an issue goes out, its page shows how far it is: asks again every five seconds, and not while nobody looks.
// Without this, a reload does the same.

const EVERY = 5000; // milliseconds

async function renew() {
  const live = document.querySelector("[data-live]");
  if (!live || document.hidden || live.contains(document.activeElement)) return;
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!response.ok || response.redirected) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const now = page.getElementById("live");
  if (!now || !("live" in now.dataset)) return location.reload(); // it has ended: other buttons fit now
  live.replaceChildren(...now.childNodes);
}

function wait() {
  setTimeout(() => renew().catch(() => {}).finally(wait), EVERY); // the next question comes after the answer
}

if (document.querySelector("[data-live]")) wait();
