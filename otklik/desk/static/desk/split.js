// Cutting a message into its questions: by the mouse in the message itself, by keys in the panel of its sentences.
const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const points = (text) => [...text].length;

// Where a point of the page stands in the message, counted in characters as the server counts them.
function offset(node, at, end) {
  if (node.nodeType === Node.ELEMENT_NODE && !node.closest("[data-at]")) {
    const near = node.childNodes[Math.min(at, node.childNodes.length - 1)];
    if (!near) return null;
    return at >= node.childNodes.length ? offset(near, (near.textContent || "").length, end) : offset(near, 0, end);
  }
  const piece = (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest("[data-at]");
  if (!piece) return null;
  const start = Number(piece.dataset.at);
  const length = Number(piece.dataset.length);
  // A mention is told by its name: it is taken whole or not at all.
  if (points(piece.textContent) !== length) return start + (end ? length : 0);
  return start + (node.nodeType === Node.TEXT_NODE ? points(node.data.slice(0, at)) : at ? length : 0);
}

function chosen() {
  const selection = getSelection();
  const text = $("#marked");
  if (!text || !$("#cut") || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0).cloneRange();
  if (!text.contains(range.startContainer)) {
    if (!range.intersectsNode(text)) return null;
    range.setStart(text, 0);
  }
  // A double click ends at the beginning of what follows.
  if (!text.contains(range.endContainer)) range.setEnd(text, text.childNodes.length);
  const [from, to] = [offset(range.startContainer, range.startOffset, false), offset(range.endContainer, range.endOffset, true)];
  return from === null || to === null || to <= from ? null : { from, to, box: range.getBoundingClientRect() };
}

function offer() {
  const form = $("#cut");
  if (!form) return;
  const found = chosen();
  form.hidden = !found;
  if (!found) return;
  form.elements.piece.value = `${found.from}-${found.to}`;
  const { width, height } = form.getBoundingClientRect();
  form.style.left = `${Math.max(8, Math.min(found.box.left, innerWidth - width - 8))}px`;
  form.style.top = `${Math.min(Math.max(8, found.box.bottom + 6), innerHeight - height - 8)}px`;
}
document.addEventListener("selectionchange", () => requestAnimationFrame(offer));
document.addEventListener("scroll", () => { if ($("#cut") && !$("#cut").hidden) offer(); }, { capture: true, passive: true });
// Pressing the button must not let the selection go before it is sent.
document.addEventListener("mousedown", (event) => { if (event.target.closest("#cut")) event.preventDefault(); });

const panel = () => $("#panel [data-pieces]");
const boxes = () => $$("input[name=piece]", panel());
function taken() {
  const marked = boxes().filter((each) => each.checked);
  const here = document.activeElement?.closest?.("[data-pieces] input[name=piece]");
  return (marked.length ? marked : here ? [here] : []).map((each) => each.value);
}

function go(step, extend) {
  const all = boxes();
  const at = all.indexOf(document.activeElement);
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  if (extend) { if (at >= 0) all[at].checked = true; next.checked = true; }
  next.focus();
  next.closest("label").scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (!panel() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") go(event.key === "ArrowDown" ? 1 : -1, event.shiftKey);
  else if (event.shiftKey && event.code.startsWith("Digit")) $(`#panel [data-joins="${event.code.slice(5)}"]`)?.click();
  else return;
  event.preventDefault();
  event.stopPropagation();
}, { capture: true });

// What is marked goes with every button of the panel; with nothing marked, the piece that has the focus.
document.addEventListener("htmx:configRequest", (event) => {
  const form = event.detail.elt.closest?.("[data-pieces], .other-question form");
  if (!form || !panel() || event.detail.elt.matches("[data-joins]")) return;
  event.detail.parameters.piece = taken();
});
