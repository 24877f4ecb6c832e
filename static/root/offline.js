// Keeps the posts that somebody has read to the end, for when there is no connection. static/js/byline.js registers
// this worker for /posts/, so that no other page passes through here. The network is asked first, always; the copy is
// shown when no answer came at all, and it says that it is one, and from when. docs/decisions/0040 says why.

const MOST_POSTS = 20;
const MOST_CHARACTERS = 300_000; // of a page's HTML; a longer one is not kept
const MOST_DAYS = 30; // after which a copy is not shown any more
const DAY = 24 * 60 * 60 * 1000; // milliseconds
const POST = /^\/posts\/[^/]+\/$/;
const READ_AS = ["", "?from=mail"]; // the same page; others (pages and orders of comments) are not kept
// How templates/blog/_offline.html begins on a page from the server. No text has it: what people write keeps no such tag.
const HIDDEN = '<div class="offline" id="offline" hidden';
const COPIED = "X-Copied"; // our own header on a copy: when it was made

// Each post has a box of its own, with its page, style sheet and script: dropping a post is dropping a box.
const box = (path) => `post ${path}`;
const boxes = async () => (await caches.keys()).filter((name) => name.startsWith(box("/posts/")));

async function dropTheOldest() {
  const dated = (await boxes()).map(async (name) => {
    const page = await caches.match(name.slice(box("").length), { cacheName: name });
    return [page?.headers.get(COPIED) ?? "", name]; // without a page: it was never finished
  });
  for (const [, name] of (await Promise.all(dated)).sort().slice(0, -MOST_POSTS)) await caches.delete(name);
}

// The page is replaced in one step, after its files are there: a worker may be stopped at any line, and a reader may go
// offline, and each time there is a whole copy, the one before or this one.
async function keep(path, html, response) {
  const files = [...html.matchAll(/<(?:link rel="stylesheet" href|script type="module" src)="([^"]+)"/g)];
  const fetched = await Promise.all(files.map(async ([, address]) => [address, await fetch(address)]));
  if (!fetched.every(([, file]) => file.ok)) return;
  const headers = new Headers(response.headers);
  headers.delete("Content-Encoding"); // the text is unpacked by now
  headers.delete("Content-Length");
  headers.set(COPIED, new Date().toISOString());
  const cache = await caches.open(box(path));
  for (const [address, file] of fetched) await cache.put(address, file);
  await cache.put(path, new Response(html, { headers }));
  const needed = [path, ...fetched.map(([address]) => address)].map((address) => new URL(address, location).href);
  for (const { url } of await cache.keys()) if (!needed.includes(url)) await cache.delete(url);
  await dropTheOldest();
}

async function retire() {
  for (const name of await boxes()) await caches.delete(name);
  await registration.unregister();
}

// What an answer from the server means for the copy: it is made, renewed, dropped or left alone.
async function judge(path, response) {
  const isMoved = response.type === "opaqueredirect" || response.redirected;
  if (isMoved || [404, 410].includes(response.status)) return caches.delete(box(path));
  if (!response.ok || /private|no-store/.test(response.headers.get("Cache-Control"))) return; // out of order, or for staff
  const html = await response.text();
  if (!html.includes(HIDDEN)) return retire(); // this site keeps no copies any more
  if (html.length > MOST_CHARACTERS) return caches.delete(box(path));
  return keep(path, html, response);
}

// The copy, which says so, with what sends something switched off; without a place to say so, no copy.
async function show(path) {
  const stored = await caches.match(path, { cacheName: box(path) });
  const copied = new Date(stored?.headers.get(COPIED));
  const html = await stored?.text();
  if (!html?.includes(HIDDEN) || Date.now() - copied > MOST_DAYS * DAY) return Response.error();
  const [, language] = html.match(/<html lang="([\w-]+)"/) ?? [];
  const [, unsent, draft] = html.match(/data-unsent="([^"]*)" data-draft="([^"]*)"/);
  const when = copied.toLocaleString(language === "en" ? "en-GB" : language, { dateStyle: "long", timeStyle: "short" });
  const note = (words) => `<p class="offline-note">${words}</p>`;
  const told = html
    .replace(HIDDEN, '<div class="offline" id="offline"')
    .replace('<time data-copied></time>', () => `<time datetime="${copied.toISOString()}">${when}</time>`)
    .replaceAll('<button type="submit"', '<button type="submit" disabled')
    .replace('<p class="buttons">', (buttons) => note(`${unsent} ${draft}`) + buttons)
    .replaceAll(/<form class="subscribe-[^>]*>/g, (form) => form + note(unsent));
  return new Response(told, { headers: stored.headers });
}

async function visit(event, path) {
  let response;
  try {
    response = await fetch(event.request);
  } catch {
    return show(path);
  }
  const isKept = await caches.has(box(path)).catch(() => false);
  if (isKept) event.waitUntil(judge(path, response.clone()).catch(() => {})); // a full disk is no reader's trouble
  return response;
}

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (origin !== location.origin || request.method !== "GET") return;
  if (request.mode === "navigate" && POST.test(pathname) && READ_AS.includes(search)) {
    event.respondWith(visit(event, pathname));
  } else if (["style", "script"].includes(request.destination)) {
    event.respondWith(fetch(request).catch(async () => (await caches.match(request)) ?? Response.error()));
  }
});

// A page was read to the end. It is asked for as anybody gets it: without cookies.
addEventListener("message", (event) => {
  const path = event.data?.read;
  if (!POST.test(path)) return;
  event.waitUntil(fetch(path, { credentials: "omit" }).then((response) => judge(path, response)).catch(() => {}));
});
