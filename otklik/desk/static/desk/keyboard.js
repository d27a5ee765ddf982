// Keys: what is printed on a button presses it. Nothing is pressed while somebody types.
import { openPanel, typing } from "./ahead.js";

const $ = (selector, within = document) => within.querySelector(selector);
const views = { t: "triage", m: "mine", r: "routed", w: "work", p: "publishing", o: "overdue", a: "all" };
let going = 0;
let opening = 0;

// What lies behind «Ещё» has its key as if the menu were open.
const seen = (element) => element.offsetParent !== null || element.closest("details.menu:not([open])")?.offsetParent;
const visible = (element) => element && seen(element) && !element.disabled;
// The key by its place when the layout is Russian: «о» stands where «j» does.
const letter = (event) =>
  /^[a-z]$/i.test(event.key) ? event.key.toLowerCase()
    : event.code === "Equal" ? "+" : event.code.startsWith("Key") ? event.code.slice(3).toLowerCase()
      : event.code === "Slash" && event.key === "." ? "/" : event.code === "Slash" && event.key === "," ? "?" : event.key;

// While an act is on its way the next card has not been seen yet: no key may do anything to it.
let acting = 0;
const acts = (event) => event.detail.target?.id === "card" && event.detail.requestConfig?.verb === "post";
document.addEventListener("htmx:beforeSend", (event) => { if (acts(event)) acting += 1; });
document.addEventListener("htmx:afterRequest", (event) => { if (acts(event)) acting = Math.max(0, acting - 1); });

function press(key) {
  if (acting) return false;
  const all = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].filter(visible);
  // What lies nearer to the eye: the open panel, then the page itself, then the line at the top of every page.
  const target = all.find((each) => each.closest("#panel")) || all.find((each) => each.closest("main")) || all[0];
  if (!target) return false;
  if (target.matches("input, textarea")) {
    target.focus();
    if (target.matches("input")) target.select();
  } else target.click();
  return true;
}

function walk(step) {
  const rows = [...document.querySelectorAll("#rows .row")];
  if (!rows.length) return;
  const focused = document.activeElement?.closest?.("#rows .row");
  const at = rows.indexOf(focused || $("#rows .row[aria-current]"));
  const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  if (at + step >= rows.length - 3) $("#more a")?.click();
  if (matchMedia("(max-width: 60rem)").matches) return;
  clearTimeout(opening);
  // The row may have been drawn again meanwhile: what counts is where the focus is.
  const id = next.closest("li").dataset.id;
  opening = setTimeout(() => {
    const row = document.activeElement?.closest?.("#rows .row");
    if (row?.closest("li").dataset.id === id && !row.hasAttribute("aria-current")) row.click();
  }, 170);
}

function escape() {
  const open = $("details.menu[open]");
  if (open) { open.open = false; $("summary", open).focus(); return; }
  if ($("#panel")?.children.length) { closePanel(); return; }
  if (typing(document.activeElement)) { document.activeElement.blur(); $("#rows .row[aria-current]")?.focus({ preventScroll: true }); }
}

function closePanel() {
  $("#panel").replaceChildren();
  const back = $("#rows .row[aria-current]") || $("#card-title");
  back?.focus({ preventScroll: true });
}

function onEnter(event) {
  if (event.ctrlKey || event.metaKey) { if (press("ctrl+enter")) event.preventDefault(); return; }
  const row = event.target.closest?.("#rows .row");
  if (row && !row.hasAttribute("aria-current")) return; // the link opens its card
  if (!row && event.target.closest?.("a, button, summary, input, select, textarea, [role=option]")) return;
  if ($("#panel")?.children.length) return;
  if (press("enter")) event.preventDefault();
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  if (event.key === "Escape") { if (!$("dialog[open]")) escape(); return; }
  if (event.key === "Enter") { onEnter(event); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || $("dialog[open]")) return;
  const key = letter(event);
  if (Date.now() - going < 1200 && views[key]) {
    going = 0;
    $(`#views [data-view="${views[key]}"]`)?.click();
  } else if (key === "g") going = Date.now();
  else if (key === "j" || event.key === "ArrowDown") walk(1);
  else if (key === "k" || event.key === "ArrowUp") walk(-1);
  else if (!press(key)) return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const target = event.target;
  const opener = target.closest("[data-opens]");
  if (opener) $(`#${opener.dataset.opens}`).showModal();
  if (target.closest("[data-closes-dialog]") || target.matches("dialog")) target.closest("dialog").close();
  target.closest("[data-closes]")?.closest(target.closest("[data-closes]").dataset.closes)?.remove();
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(target)) menu.open = false;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const panel = target.closest("a[data-panel]");
  if (panel) { event.preventDefault(); openPanel(panel.dataset.panel); }
  if (target.closest("[data-closes-panel]") && $("#panel")) { event.preventDefault(); closePanel(); }
});

// An act that takes the incident out of the list goes on with the next one.
document.addEventListener("htmx:configRequest", (event) => {
  const form = event.detail.elt.closest?.("form[data-advance]");
  if (!form || matchMedia("(max-width: 60rem)").matches) return;
  const here = $("#rows .row[aria-current]")?.closest("li");
  const next = here?.nextElementSibling?.dataset.id || here?.previousElementSibling?.dataset.id;
  if (next) event.detail.parameters.next = next;
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "panel") {
    const first = $("#panel [autofocus], #panel select, #panel input:not([type=hidden]), #panel textarea");
    first?.focus();
    $("#panel").scrollIntoView({ block: "nearest" });
  }
  if (event.detail.target.id !== "card") return;
  const open = $("#story")?.dataset.incident;
  document.body.dataset.screen = open ? "card" : "queue";
  for (const row of document.querySelectorAll("#rows .row[aria-current]")) row.removeAttribute("aria-current");
  const row = open && $(`#row-${open} .row`);
  row?.setAttribute("aria-current", "true");
  row?.classList.remove("fresh");
  row?.scrollIntoView({ block: "nearest" });
  const panel = $("#panel [autofocus]");
  if (panel) panel.focus();
  else if (!document.activeElement || document.activeElement === document.body) (row || $("#card-title"))?.focus({ preventScroll: true });
});

setInterval(() => { for (const old of document.querySelectorAll(".toast")) if (!old.matches(":hover, :focus-within")) { old.dataset.age = +(old.dataset.age || 0) + 1; if (old.dataset.age > 10) old.remove(); } }, 1000);

// On a phone the tab one is on may stand beyond the edge.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) tab.scrollIntoView({ block: "nearest", inline: "center" });
