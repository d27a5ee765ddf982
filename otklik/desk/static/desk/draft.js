// The draft: kept a second after the last key, never lost when the card is drawn again, never written over another's.
const $ = (selector) => document.querySelector(selector);
const PAUSE = 900;
let timer = 0;
let sending = null;

const form = () => $("#editor");
const field = () => $("#text");
const headers = () => ({ ...JSON.parse(document.body.getAttribute("hx-headers")), Accept: "application/json" });
export const dirty = () => Boolean(form()?.dataset.dirty);
export const writing = () => document.activeElement === field();

function count() {
  const counter = $("#counter");
  if (!counter) return;
  const longest = Number(form().dataset.longest);
  // Code points, as the server counts them: an emoji is one.
  const length = [...field().value.trim()].length;
  counter.hidden = length < longest * 0.5;
  counter.textContent = counter.dataset.template.replace("{n}", length).replace("{all}", longest);
  counter.classList.toggle("over", length > longest);
}

function changed() {
  form().dataset.dirty = "1";
  count();
  $("#kept").textContent = $("#kept").dataset.dirty;
  clearTimeout(timer);
  if (!form().dataset.conflict) timer = setTimeout(keep, PAUSE);
}

export async function keep() {
  const at = form();
  if (!at || !at.dataset.dirty || at.dataset.conflict) return;
  if (sending) { await sending; return keep(); }
  const text = field().value;
  const body = new URLSearchParams({ text, draft_version: at.elements.draft_version.value });
  sending = fetch(at.dataset.draft, { method: "POST", headers: headers(), body, keepalive: text.length < 15000 })
    .then(async (response) => {
      const told = await response.json();
      // The card may have been drawn again meanwhile: what was kept is the draft of the form that stands there now.
      const here = form()?.dataset.draft === at.dataset.draft ? form() : at;
      if (response.ok) {
        here.elements.draft_version.value = told.version;
        if (here.isConnected) $("#kept").textContent = told.saved;
        here.dispatchEvent(new CustomEvent("desk:kept"));
        if (field()?.value === text) delete here.dataset.dirty;
        else timer = setTimeout(keep, PAUSE);
      } else if (told.theirs) conflict(here, told);
      else $("#kept").textContent = told.problem;
    })
    .catch(() => { if ($("#kept")) $("#kept").textContent = $("#kept").dataset.failed; timer = setTimeout(keep, 4000); })
    .finally(() => { sending = null; });
  return sending;
}

function conflict(at, told) {
  at.dataset.conflict = told.theirs.version;
  $("#conflict").hidden = false;
  $("#conflict-said").textContent = told.problem;
  $("#conflict-text").textContent = told.theirs.text;
  $("#kept").textContent = "";
}

function settle(text) {
  const at = form();
  if (at.dataset.conflict) at.elements.draft_version.value = at.dataset.conflict;
  delete at.dataset.conflict;
  if (text !== null) field().value = text;
  $("#conflict").hidden = true;
  changed();
}

document.addEventListener("input", (event) => { if (event.target === field()) changed(); });
document.addEventListener("click", (event) => {
  if (event.target.closest("#take-theirs")) settle($("#conflict-text").textContent);
  if (event.target.closest("#keep-mine")) settle(null);
});

// The card is drawn again while somebody types: the text, the place in it and the version it grew from stay.
let held = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id !== "card" || !form()) return;
  const story = $("#story").dataset.incident;
  held = dirty() || writing() ? { story, dirty: dirty(), text: field().value, at: field().selectionStart, version: form().elements.draft_version.value, writing: writing() } : null;
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "card" || !form()) return;
  if (held && held.story === $("#story").dataset.incident && !form().hasAttribute("data-unsaved")) {
    if (held.dirty) {
      field().value = held.text;
      form().elements.draft_version.value = held.version;
    }
    // Who has put the cursor there and not typed yet types into the field, and presses no keys of the desk.
    if (held.writing) { field().focus(); field().setSelectionRange(held.at, held.at); }
    if (held.dirty) changed();
  }
  held = null;
  ready();
});

// Leaving a card keeps its text first, so that nothing waits in a page nobody looks at.
document.addEventListener("htmx:confirm", (event) => {
  if (!dirty() || event.detail.target?.id !== "card" || form().dataset.conflict) return;
  event.preventDefault();
  const { elt, issueRequest } = event.detail;
  keep().finally(() => {
    // The card may have been drawn again meanwhile: htmx asks nothing for a form that is gone, the same one stands anew.
    if (elt.isConnected || elt.id !== "editor") issueRequest(true);
    else if (form()?.dataset.draft === elt.dataset.draft) form().requestSubmit();
  });
});
addEventListener("beforeunload", (event) => { if (dirty()) { keep(); event.preventDefault(); } });
document.addEventListener("visibilitychange", () => { if (document.hidden && dirty()) keep(); });

function ready() {
  if (!form()) return;
  count();
  if (form().hasAttribute("data-unsaved")) form().dataset.dirty = "1";
}
ready();
