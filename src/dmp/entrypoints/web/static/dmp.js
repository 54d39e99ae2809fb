// Small help on top of pages that work without it: print buttons, and a warning before the session ends.
const main = document.documentElement;

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Copy a field; without this, one selects it and copies.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", () => { field.select(); navigator.clipboard?.writeText(field.value); });
}

// Whoever follows a proof and comes back finds the same link under the focus.
for (const link of document.querySelectorAll("a.proof[id]")) {
  link.addEventListener("click", () => history.replaceState(null, "", `#${link.id}`));
}
window.addEventListener("pageshow", () => {
  const link = location.hash && document.getElementById(location.hash.slice(1));
  if (link && link.matches("a.proof")) link.focus();
});

// Logging out, nothing of the holder stays on the device; the answer clears it too where that is known.
for (const form of document.querySelectorAll('form[action="/deconnexion"]')) {
  form.addEventListener("submit", () => window.indexedDB?.deleteDatabase("dmp"));
}

// One click sends a form once; the server would answer the second one like the first.
for (const form of document.querySelectorAll("form[method=post]")) {
  if (form.hasAttribute("data-repeatable")) continue;
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// The minutes left of an emergency access; when it is over, the server says so on the page.
for (const band of document.querySelectorAll("[data-left]")) {
  const left = () => Number(band.dataset.left) - performance.now() / 1000;
  const ticking = window.setInterval(() => {
    band.querySelector("[data-minutes]").textContent = Math.max(1, Math.ceil(left() / 60));
    if (left() > 0) return;
    window.clearInterval(ticking);
    // What is being typed is not thrown away; the next page says that the access is over.
    if (!document.querySelector("main form[method=post]")) window.location.assign(window.location.href);
  }, 15000);
}

let typed = false;
document.addEventListener("input", (event) => { typed ||= event.target.form?.method === "post"; });

const seconds = Number(main.dataset.idle || 0);
const timer = document.getElementById("timer");
if (seconds > 0 && timer) {
  const before = Math.min(120, seconds / 3);
  const hides = "locks" in main.dataset || "shared" in main.dataset;
  let warning = 0;
  let ending = 0;
  const say = (over) => {
    timer.hidden = false;
    timer.querySelector("[data-before]").hidden = over;
    timer.querySelector("[data-over]").hidden = !over;
  };
  // What stands on the screen goes with the session; what is being typed stays, and is kept when it is sent.
  const over = () => {
    if (typed && !hides) say(true); else window.location.replace(location.pathname + location.search);
  };
  const start = () => {
    window.clearTimeout(warning);
    window.clearTimeout(ending);
    timer.hidden = true;
    warning = window.setTimeout(() => say(false), (seconds - before) * 1000);
    ending = window.setTimeout(over, (seconds + 2) * 1000);
  };
  timer.querySelector("button").addEventListener("click", async () => {
    const answer = await fetch("/session", { credentials: "same-origin" });
    if (answer.ok) start(); else over();
  });
  start();
}

// A QR code carries its code behind the #, which is sent to no server: it is typed in here, and leaves the address.
const coded = document.querySelector("[data-fragment]");
if (coded && location.hash.length > 1) {
  coded.value ||= location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
}

// On a phone the menu slides: where one is stands in sight.
document.querySelector(".menu [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
// A browser leaves an entry that is in sight by a pixel where it is, also when it takes the focus.
document.querySelector(".menu")?.addEventListener("focusin", (event) =>
  event.target.scrollIntoView({ inline: "nearest", block: "nearest" }));

// Shortcuts of one key, which their reader can switch off; never while something is typed or chosen.
if ("shortcuts" in main.dataset) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest?.("input, select, textarea, summary, [contenteditable]")) return;
    const aim = document.querySelector(`[aria-keyshortcuts="${CSS.escape(event.key)}"]`);
    if (!aim) return;
    event.preventDefault();
    if (aim.matches("input")) aim.focus(); else aim.click();
  });
}
