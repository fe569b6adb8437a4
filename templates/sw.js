/* Keeps the pages, so that they open without a network, or with one that is too slow. */
const PATHS = {{ paths | tojson(indent=2) }};
const CACHE = "page-{{ version }}"; // another name whenever one of the files is another
const PATIENCE = 2_000; // ms that the network has to answer

const others = new Set(); // ids of pages of another version than the one that is kept

addEventListener("install", (event) => event.waitUntil(keep()));
addEventListener("activate", (event) => event.waitUntil(takeOver()));

addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin) return;
  if (PATHS.includes(pathname)) event.respondWith(answer(event, pathname));
});

async function keep() {
  const cache = await caches.open(CACHE);
  await cache.addAll(PATHS.map((path) => new Request(path, { cache: "no-cache" })));
  await skipWaiting();
}

async function takeOver() {
  const outdated = (await caches.keys()).filter((name) => name.startsWith("page-") && name !== CACHE);
  await Promise.all(outdated.map((name) => caches.delete(name)));
  await clients.claim();
}

/**
 * A page as the network has it, or as it was kept where the network says nothing in time; of another
 * version than the one that is kept, its files come from the network alone. Its ETag tells: it is
 * that of the page with all its files.
 */
async function answer({ request, clientId, resultingClientId }, path) {
  const kept = await caches.match(path, { cacheName: CACHE });
  if (!kept) return fetch(request);
  if (request.mode !== "navigate") return others.has(clientId) ? fetch(request) : kept;
  const page = await Promise.race([fetchWhole(request), late()]).catch(() => kept);
  if (page !== kept && !isOfVersion(kept, page)) others.add(resultingClientId);
  return page;
}

async function fetchWhole(request) {
  const response = await fetch(request);
  if (response.status >= 500) throw new Error(`The server answered ${response.status}.`);
  return response;
}

function late() {
  return new Promise((_, reject) => setTimeout(reject, PATIENCE, new Error("No answer in time.")));
}

/** Whether it is; not where a proxy took the ETags away. */
function isOfVersion(kept, page) {
  const tag = page.headers.get("ETag");
  return tag !== null && tag === kept.headers.get("ETag");
}
