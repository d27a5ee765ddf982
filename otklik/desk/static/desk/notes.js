// Notes of colleagues: the counter of calls by name, the section of an open card, the list of names after @.
const $ = (selector, within = document) => within.querySelector(selector);
const section = () => $("#colleague-notes");

// The counter: asked for once a page, then only when the stream says that it is another one.
const badge = $("#mentions");
async function count() {
  const response = await fetch(badge.dataset.address).catch(() => null);
  if (response?.ok && !response.redirected) told((await response.json()).unread);
}
function told(number) {
  badge.hidden = !number;
  $("b", badge).textContent = number;
}

// The section shows by itself what others write; nothing is typed in it, so nothing is lost.
async function renew() {
  const open = section();
  if (!open) return;
  const response = await fetch(`${open.dataset.address}${location.search}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!response?.ok || response.redirected || section() !== open) return;
  const held = open.contains(document.activeElement);
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("#colleague-notes");
  if (!fresh) return;
  open.replaceWith(document.adoptNode(fresh));
  if (held) $("a", section())?.focus({ preventScroll: true });
  seen();
}

// Before somebody's eyes for a moment is read; a card that was only passed by is not.
function seen() {
  const open = section();
  if (!open?.dataset.unread) return;
  setTimeout(async () => {
    if (section() !== open || document.hidden) return;
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    const response = await fetch(open.dataset.unread, { method: "POST", headers }).catch(() => null);
    if (response?.ok && badge) told((await response.json()).unread);
    if (response?.ok) open.removeAttribute("data-unread");
  }, 1500);
}

if (badge?.dataset.address) {
  count();
  document.addEventListener("desk:mentioned", count);
  document.addEventListener("desk:missed", () => { count(); renew(); });
  document.addEventListener("desk:notes", (event) => { if (event.detail.ids.map(String).includes(section()?.dataset.incident)) renew(); });
  document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target.id === "card") seen(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) seen(); });
  seen();
}

// @na…: those who may see the incident, to be chosen by arrows, Enter or Tab, or by a press.
const typed = (field) => field.value.slice(0, field.selectionStart).match(/(?:^|[^\p{L}\p{N}_.+@-])@([\p{L}\p{N}_.+-]{0,60})$/u);
let list = null;
let at = 0;
let asked = 0;

function close() {
  list?.previousElementSibling?.removeAttribute("aria-activedescendant");
  list?.remove();
  list = null;
}
function choose(field, login) {
  const begun = typed(field);
  const from = begun ? field.selectionStart - begun[1].length - 1 : field.selectionStart;
  const before = from && !/\s/.test(field.value[from - 1]) ? " " : "";
  field.setRangeText(`${before}@${login} `, from, field.selectionStart, "end");
  field.focus();
  close();
}
function mark(field) {
  [...list.children].forEach((each, index) => each.setAttribute("aria-selected", String(index === at)));
  field.setAttribute("aria-activedescendant", list.children[at].id);
  list.children[at].scrollIntoView({ block: "nearest" });
}
async function offer(field) {
  const begun = typed(field);
  asked += 1;
  if (!begun) { close(); return; }
  const mine = asked;
  const response = await fetch(`${field.dataset.calls}?q=${encodeURIComponent(begun[1])}`).catch(() => null);
  const options = response?.ok && !response.redirected ? (await response.json()).options : [];
  if (mine !== asked || document.activeElement !== field) return;
  close();
  if (!options.length) return;
  list = document.createElement("div");
  list.className = "calls";
  list.setAttribute("role", "listbox");
  options.forEach((each, index) => {
    const option = document.createElement("div");
    option.id = `call-${index}`;
    option.dataset.call = each.value;
    option.setAttribute("role", "option");
    option.textContent = each.label;
    const hint = document.createElement("small");
    hint.textContent = [`@${each.value}`, each.hint].filter(Boolean).join(" · ");
    option.append(hint);
    list.append(option);
  });
  field.after(list);
  at = 0;
  mark(field);
}
document.addEventListener("input", (event) => { if (event.target.matches?.("[data-calls]")) offer(event.target); });
document.addEventListener("focusout", (event) => { if (list && event.target.matches?.("[data-calls]")) setTimeout(() => { if (document.activeElement !== event.target) close(); }, 200); });
// Keys of the list come before those of the page: Escape closes the list, not the panel.
addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.matches?.("[data-calls]") || event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); event.stopPropagation(); field.form.requestSubmit(); return; }
  if (!list) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) { at = (at + step + list.children.length) % list.children.length; mark(field); }
  else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) choose(field, list.children[at].dataset.call);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}, { capture: true });
document.addEventListener("click", (event) => {
  const call = event.target.closest?.("[data-call]");
  const field = call?.closest(".field")?.querySelector("[data-calls]");
  if (field) choose(field, call.dataset.call);
});
