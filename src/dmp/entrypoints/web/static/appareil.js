// What needs the device itself: passkeys. Pages work without it and say so.
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (octets) =>
  btoa(String.fromCharCode(...new Uint8Array(octets)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const asked = (options) => ({
  ...options,
  challenge: bytes(options.challenge),
  ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
  ...(options.allowCredentials && { allowCredentials: options.allowCredentials.map(known) }),
  ...(options.excludeCredentials && { excludeCredentials: options.excludeCredentials.map(known) }),
});
const known = (key) => ({ ...key, id: bytes(key.id) });

const answered = (key) => {
  const response = { clientDataJSON: text(key.response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (key.response[part]) response[part] = text(key.response[part]);
  }
  return JSON.stringify({
    id: key.id, rawId: text(key.rawId), type: key.type, response, clientExtensionResults: {},
  });
};

if (window.PublicKeyCredential) {
  for (const note of document.querySelectorAll("[data-without-passkey]")) note.hidden = true;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    const failed = form.querySelector("[data-failed]");
    form.querySelector("[data-start]").addEventListener("click", async () => {
      failed.hidden = true;
      try {
        const publicKey = asked(JSON.parse(form.dataset.asked));
        const key = await navigator.credentials[form.dataset.passkey]({ publicKey });
        form.elements.reponse.value = answered(key);
        form.submit();
      } catch {
        failed.hidden = false;
      }
    });
  }
}

// The service worker, on a device of one's own. The policy of pages lets this one address through.
const here = document.documentElement.dataset;
if (navigator.serviceWorker && !("shared" in here)) {
  const only = (address) => {
    if (address !== "/sw.js") throw new TypeError("not our worker");
    return address;
  };
  const policy = window.trustedTypes?.createPolicy("dmp", { createScriptURL: only });
  navigator.serviceWorker.register(policy ? policy.createScriptURL("/sw.js") : "/sw.js").catch(() => {});
}

// The emergency card that the holder keeps on this device, sealed with a key made of a code that he chooses.
const ROUNDS = 1_000_000;
const TRIES = 10;

const inStore = async (mode, work) => {
  const base = await new Promise((done, fail) => {
    const opening = indexedDB.open("dmp", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("carte");
    opening.onsuccess = () => done(opening.result);
    opening.onerror = () => fail(opening.error);
  });
  try {
    return await new Promise((done, fail) => {
      const asking = work(base.transaction("carte", mode).objectStore("carte"));
      asking.onsuccess = () => done(asking.result);
      asking.onerror = () => fail(asking.error);
    });
  } finally {
    base.close();
  }
};
const readCard = () => inStore("readonly", (store) => store.get("carte"));
const keepCard = (card) => inStore("readwrite", (store) => store.put(card, "carte"));
const dropCard = () => inStore("readwrite", (store) => store.clear());

const keyOf = async (code, salt, iterations) => {
  const secret = await crypto.subtle.importKey(
    "raw", new TextEncoder().encode(code), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations }, secret,
    { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
};
const sealed = async (code, card) => {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const key = await keyOf(code, salt, ROUNDS);
  const octets = new TextEncoder().encode(JSON.stringify(card));
  const content = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, octets);
  return { salt, iv, content, rounds: ROUNDS, tries: 0 };
};
const unsealed = async (code, kept) => {
  const key = await keyOf(code, kept.salt, kept.rounds);
  const octets = await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.iv }, key, kept.content);
  return JSON.parse(new TextDecoder().decode(octets));
};

const say = (place, name) => {
  for (const told of place.querySelectorAll("[data-told]")) told.hidden = told.dataset.told !== name;
};

const keeping = async (place) => {
  const show = async () => {
    place.querySelector("[data-drop]").hidden = !(await readCard());
  };
  place.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const { elements } = event.target;
    const code = elements.code.value;
    if (code.length < 6) return say(place, "short");
    if (code !== elements.again.value) return say(place, "differs");
    say(place, "working");
    try {
      const answer = await fetch(place.dataset.content, { credentials: "same-origin" });
      if (!answer.ok) throw new Error("no card");
      const { text, written_at } = await answer.json();
      await keepCard(await sealed(code, { text, written_at }));
      event.target.reset();
      say(place, "kept");
    } catch {
      say(place, "failed");
    }
    await show();
  });
  place.querySelector("[data-drop]").addEventListener("click", async () => {
    await dropCard();
    say(place, "dropped");
    await show();
  });
  await show();
  place.hidden = false;
};

const opening = async (place) => {
  if (!(await readCard())) return;
  const shown = place.querySelector("[data-card-text]");
  const form = place.querySelector("form");
  place.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const kept = await readCard();
    if (!kept) return say(place, "dropped");
    say(place, "working");
    try {
      const card = await unsealed(form.elements.code.value, kept);
      shown.textContent = card.text;
      const day = new Date(card.written_at);
      place.querySelector("[data-card-day]").textContent = day.toLocaleDateString("fr-FR");
      place.querySelector("[data-card-shown]").hidden = false;
      await keepCard({ ...kept, tries: 0 });
      form.reset();
      say(place, "");
    } catch {
      const tries = kept.tries + 1;
      await (tries >= TRIES ? dropCard() : keepCard({ ...kept, tries }));
      say(place, tries >= TRIES ? "dropped" : "wrong");
    }
  });
  place.querySelector("[data-drop]").addEventListener("click", async () => {
    await dropCard();
    shown.textContent = "";
    place.querySelector("[data-card-shown]").hidden = true;
    say(place, "dropped");
  });
};

if (window.indexedDB && window.crypto?.subtle) {
  for (const place of document.querySelectorAll("[data-keep-card]")) keeping(place);
  for (const place of document.querySelectorAll("[data-open-card]")) opening(place);
}
