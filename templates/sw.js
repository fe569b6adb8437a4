/* Keeps the pages, so that they open without a network, or with one that is too slow. */
const PATHS = {{ paths | tojson(indent=2) }};
const CACHE = "page-{{ version }}"; // another name whenever one of the files is another
const PATIENCE = 2_000; // ms that the network has to answer

const offline = new Set(); // ids of pages that came out of the cache

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
 * What the network says, or what was kept where it says nothing in time. A page that was kept has
 * its files from the cache at once: they are of one version, and the patience is not asked twice.
 */
async function answer({ request, clientId, resultingClientId }, path) {
  const kept = await caches.match(path, { cacheName: CACHE });
  if (!kept) return fetch(request);
  if (offline.has(clientId)) return kept;
  try {
    return await Promise.race([fetchWhole(request), late()]);
  } catch {
    if (resultingClientId) offline.add(resultingClientId);
    return kept;
  }
}

async function fetchWhole(request) {
  const response = await fetch(request);
  if (response.status >= 500) throw new Error(`The server answered ${response.status}.`);
  return response;
}

function late() {
  return new Promise((_, reject) => setTimeout(reject, PATIENCE, new Error("No answer in time.")));
}
