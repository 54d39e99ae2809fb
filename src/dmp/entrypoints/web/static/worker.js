// Keeps the style, the scripts, the icon and one public page, asked for without a cookie. Nothing else, ever.
const NAME = "@name";
const KEPT = ["@kept"];
const OFFLINE = "/hors-ligne";

const keep = async () => {
  const cache = await caches.open(NAME);
  for (const address of [...KEPT, OFFLINE]) {
    const answer = await fetch(address, { credentials: "omit", cache: "no-cache" });
    if (!answer.ok || answer.redirected) throw new Error("not kept");
    await cache.put(address, answer);
  }
  await self.skipWaiting();
};

const forgetOlder = async () => {
  for (const name of await caches.keys()) if (name !== NAME) await caches.delete(name);
};

const kept = (address) => caches.match(address, { ignoreVary: true });

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(forgetOlder()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => kept(OFFLINE)));
  } else if (KEPT.includes(pathname)) {
    event.respondWith(kept(pathname).then((found) => found ?? fetch(request)));
  }
});
