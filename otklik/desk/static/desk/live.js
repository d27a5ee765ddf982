// What others do shows by itself: rows change at their place, the list does not move under the eye.
import { awaited } from "./ahead.js";
import { dirty, keep, writing } from "./draft.js";

const $ = (selector, within = document) => within.querySelector(selector);
const body = document.body;
const list = $("#list");
const rows = $("#rows");
let waiting = new Set();
let everything = false;
let timer = 0;
let hovered = false;
let lastFetch = 0;
let pause = 1200; // the server asks for more of it when many desks hear the same news

list.addEventListener("pointerenter", () => { hovered = true; });
list.addEventListener("pointerleave", () => { hovered = false; });

function note(ids) {
  for (const id of ids) waiting.add(id);
  schedule();
}

// A little apart from every other desk, and at most one question in a pause.
function schedule() {
  if (timer || document.hidden) return;
  const rest = Math.max(0, lastFetch + pause - Date.now());
  timer = setTimeout(refresh, rest + 40 + Math.random() * 260);
}

async function refresh() {
  timer = 0;
  lastFetch = Date.now();
  const reload = everything;
  const ids = reload ? [...rows.children].map((row) => row.dataset.id).filter(Boolean) : [...waiting];
  everything = false;
  waiting = new Set();
  const address = reload ? `${location.pathname.split("/incidents")[0].replace(/\/?$/, "/")}more?${body.dataset.query}` : null;
  try {
    const changed = await page(`${body.dataset.rows}?ids=${ids.join(",")}&${body.dataset.query}`);
    const fresh = new Map([...changed.querySelectorAll("#changed > li[data-id]")].map((row) => [row.dataset.id, row]));
    if (address) for (const row of (await page(address)).querySelectorAll("li[data-id]")) fresh.set(row.dataset.id, row);
    place(ids, fresh);
    count(changed);
    offline("");
  } catch {
    for (const id of ids) waiting.add(Number(id));
    everything = everything || reload;
    setTimeout(schedule, 3000);
  }
  const open = $("#story")?.dataset.incident;
  if (open && (reload || ids.map(String).includes(open))) card(open);
}

async function page(address) {
  const response = await fetch(address, { headers: { "HX-Request": "true" } });
  if (!response.ok || response.redirected) throw new Error(response.status);
  return new DOMParser().parseFromString(`<body>${await response.text()}</body>`, "text/html");
}

function place(ids, fresh) {
  const top = list.scrollTop;
  const holds = top > 4 || hovered || list.contains(document.activeElement);
  const anchor = [...rows.children].find((row) => row.offsetTop + row.offsetHeight > top);
  const before = anchor?.getBoundingClientRect().top;
  let added = 0;
  for (const id of ids) if (!fresh.has(String(id))) $(`#row-${id}`)?.remove();
  for (const [id, row] of fresh) added += put(id, document.adoptNode(row));
  if (holds && anchor?.isConnected) list.scrollTop += anchor.getBoundingClientRect().top - before;
  $("#empty").hidden = Boolean(rows.querySelector("li[data-id]"));
  tell(holds && added ? added : 0);
}

// Returns 1 when a row came that was not there. A known row keeps its elements: its focus, and a click under way.
function put(id, row) {
  const old = $(`#row-${id}`);
  const link = $(".row", old || row);
  if (old) {
    const key = old.dataset.key;
    link.innerHTML = $(".row", row).innerHTML;
    old.dataset.key = row.dataset.key;
    if (key === row.dataset.key) return 0;
  } else {
    link.classList.add("fresh");
    link.toggleAttribute("aria-current", false);
    if ($("#story")?.dataset.incident === id) link.setAttribute("aria-current", "true");
  }
  const next = [...rows.children].find((each) => each !== old && (!each.dataset.key || each.dataset.key > row.dataset.key));
  // Beyond the last loaded row there is more to load: it will come with the rest.
  if (!old && next?.id === "more" && next.previousElementSibling) return 0;
  const focused = document.activeElement === link;
  rows.insertBefore(old || row, next || null);
  if (!old) htmx.process(row);
  if (focused) link.focus({ preventScroll: true });
  return old ? 0 : 1;
}

function tell(added) {
  const pill = $("#newer");
  const above = [...rows.querySelectorAll(".fresh")].filter((row) => row.getBoundingClientRect().bottom < list.getBoundingClientRect().top).length;
  pill.hidden = !(added && above) && pill.hidden;
  if (above) pill.textContent = pill.dataset.one.replace("{n}", above);
  else pill.hidden = true;
}
$("#newer").addEventListener("click", () => { list.scrollTop = 0; $("#newer").hidden = true; });
list.addEventListener("scroll", () => { if (list.scrollTop < 4) $("#newer").hidden = true; }, { passive: true });

function count(changed) {
  const links = changed.querySelector("#view-links");
  if (links && !$("#view-links").contains(document.activeElement)) $("#view-links").replaceWith(document.adoptNode(links));
  const shown = changed.querySelector("#shown-count")?.textContent;
  const head = $(".bar h1 b");
  if (head && shown) head.textContent = shown;
}

// The open card: drawn again when nobody is in the middle of something, else it says who changed what.
async function card(id) {
  const story = $("#story");
  const response = await fetch(`${story.dataset.news}?version=${story.dataset.version}`).catch(() => null);
  if (!response || response.status !== 200 || $("#story")?.dataset.incident !== id) return;
  if (busy()) $("#news").innerHTML = await response.text(); // our own template, escaped by the server
  else show();
}
const choosing = () => [...document.querySelectorAll(".verdict input[type=radio]")].some((each) => each.checked !== each.defaultChecked);
const busy = () => Boolean(awaited() || dirty() || writing() || choosing() || $("#panel")?.children.length || $("#cut:not([hidden])"));
function show() {
  const address = `${$("#story").dataset.news.replace(/\/news$/, "")}?${body.dataset.query}`;
  htmx.ajax("GET", address, { target: "#card", swap: "innerHTML show:none", headers: { "Desk-Renews": $("#story").dataset.incident } });
}
// Meanwhile the person may have gone to another card, or opened a panel on this one.
document.addEventListener("htmx:beforeSwap", (event) => {
  const renewed = event.detail.requestConfig?.headers["Desk-Renews"];
  if (renewed && (renewed !== $("#story")?.dataset.incident || $("#panel")?.children.length)) event.detail.shouldSwap = false;
});
document.addEventListener("click", async (event) => {
  if (!event.target.closest("[data-reloads]")) return;
  event.preventDefault();
  await keep();
  show();
});

document.addEventListener("desk:moved", (event) => note([event.detail.id]));

// Presence: said once a card has been open for a moment, so that leafing through says nothing; then every half a
// minute while the page is looked at. The word about the card that was left goes with the word about the next one.
const SETTLED = 1000;
const form = () => JSON.parse(body.getAttribute("hx-headers"));
let at = null;
let settling = 0;
async function here() {
  clearTimeout(settling);
  const story = $("#story");
  const left = at && at.id !== story?.dataset.incident ? at : null;
  if (!story || document.hidden) {
    if (left) bye();
    return;
  }
  at = { id: story.dataset.incident, address: story.dataset.presence };
  const said = { doing: writing() || dirty() ? "writing" : "reading", ...(left && { left: left.id }) };
  const response = await fetch(at.address, { method: "POST", headers: form(), body: new URLSearchParams(said) }).catch(() => null);
  if (response?.ok && $("#story")?.dataset.incident === story.dataset.incident) $("#presence").innerHTML = await response.text();
}
function bye() {
  fetch(at.address, { method: "POST", headers: form(), body: new URLSearchParams({ doing: "left" }), keepalive: true }).catch(() => {});
  at = null;
}
function arrived() {
  if ($("#story")?.dataset.incident === at?.id) return;
  clearTimeout(settling);
  settling = setTimeout(here, $("#story") ? SETTLED : 0);
}
setInterval(here, 30000);
document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target.id === "card") arrived(); });
document.addEventListener("focusin", (event) => { if (event.target.id === "text") here(); });
addEventListener("pagehide", () => { if (at) bye(); });
async function others() {
  const story = $("#story");
  const response = story && await fetch(story.dataset.here).catch(() => null);
  if (response?.ok && $("#story") === story) $("#presence").innerHTML = await response.text();
}

// Clocks go on by themselves, in working time, from the moment their row came.
const working = JSON.parse(body.dataset.working);
const worked = (from, to) => working.reduce((sum, [start, end]) => sum + Math.max(0, Math.min(end, to) - Math.max(start, from)), 0);
const started = new WeakMap();
function tick() {
  const now = Date.now() / 1000;
  for (const clock of document.querySelectorAll(".clock[data-left]")) {
    if (!started.has(clock)) started.set(clock, { now, left: Number(clock.dataset.left), late: clock.classList.contains("late") });
    const was = started.get(clock);
    const passed = "always" in clock.dataset ? now - was.now : worked(was.now, now);
    const left = Math.trunc(was.left - passed / 60);
    const late = was.late || was.left - passed / 60 < 0;
    const [hours, minutes] = [Math.floor(Math.abs(left) / 60), Math.abs(left) % 60];
    const text = hours < 100 ? `${hours}:${String(minutes).padStart(2, "0")}` : `${hours}`;
    ($("[aria-hidden]", clock) || clock).textContent = late && left ? `−${text}` : text;
    clock.classList.toggle("late", late);
    clock.classList.toggle("warn", !late && (clock.classList.contains("warn") || left < 60));
    clock.classList.toggle("ok", !late && !clock.classList.contains("warn"));
  }
}
setInterval(tick, 20000);
tick();

function offline(words) {
  const line = $("#offline");
  line.textContent = words;
  line.hidden = !words;
}

const surges = () => document.dispatchEvent(new Event("desk:surges"));
let source;
function listen() {
  source = new EventSource(body.dataset.stream);
  source.addEventListener("changed", (event) => {
    const news = JSON.parse(event.data);
    pause = news.pause || 1200;
    note(news.ids);
  });
  source.addEventListener("many", () => { everything = true; schedule(); surges(); document.dispatchEvent(new Event("desk:missed")); });
  for (const name of ["notes", "mentioned"]) source.addEventListener(name, (event) => document.dispatchEvent(new CustomEvent(`desk:${name}`, { detail: JSON.parse(event.data) })));
  source.addEventListener("surges", surges);
  source.addEventListener("here", (event) => { if (JSON.parse(event.data).ids.map(String).includes($("#story")?.dataset.incident)) others(); });
  source.addEventListener("open", () => offline(""));
  source.addEventListener("error", () => {
    offline(body.dataset.saidLost);
    if (source.readyState === EventSource.CLOSED) setTimeout(() => { listen(); everything = true; }, 5000 + Math.random() * 5000);
  });
}
document.addEventListener("visibilitychange", () => { if (!document.hidden) { if (waiting.size || everything) schedule(); here(); } });
document.addEventListener("htmx:responseError", (event) => failed(event));
document.addEventListener("htmx:sendError", (event) => failed(event));
document.addEventListener("desk:failed", failed);
function failed() {
  const toast = Object.assign(document.createElement("div"), { className: "toast" });
  toast.append(Object.assign(document.createElement("span"), { textContent: body.dataset.saidFailed }));
  $("#toasts").append(toast);
}
listen();
arrived();
