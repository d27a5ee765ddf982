// Templates and similar answers go where the caret is; what the system does not know is selected, to be typed over.
const $ = (selector, within = document) => within.querySelector(selector);
const GAP = /\{[а-яё]+\}|\[(?:ФИО|телефон|почта|карта|СНИЛС|паспорт|квартира|номер машины)\]/;
let wanted = false;

function insert(text) {
  const field = $("#text");
  // The list has done its work: the message and the text are what is looked at now.
  for (const each of document.querySelectorAll("#aids details")) each.open = false;
  field.focus();
  const start = field.selectionStart;
  const before = field.value.slice(0, start);
  const whole = before.trim() && !before.endsWith("\n") ? `\n\n${text}` : text;
  // Undo of the browser takes it back as if it had been typed.
  if (!document.execCommand("insertText", false, whole)) {
    field.setRangeText(whole, start, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const gap = field.value.slice(start, start + whole.length).match(GAP);
  if (gap) field.setSelectionRange(start + gap.index, start + gap.index + gap[0].length);
}

document.addEventListener("submit", (event) => {
  if (!event.target.closest("#aids")) return;
  event.preventDefault();
  insert($(".aid-text", event.target).textContent);
});

const picks = () => [...document.querySelectorAll("#aids details[open] [data-insert]")];

// Each press opens the next list and puts the focus into it.
function open() {
  const lists = [...document.querySelectorAll("#aids details")].filter((each) => $("[data-insert]", each));
  if (!lists.length) return;
  const at = lists.findIndex((each) => each.contains(document.activeElement));
  const next = lists[(at + 1) % lists.length];
  for (const each of document.querySelectorAll("#aids details")) each.open = each === next;
  $("[data-insert]", next).focus();
}

function show() {
  if ($("#aids").children.length) open();
  else { wanted = true; htmx.trigger("#aids", "desk:aids"); }
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("#aids-open") || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  show();
});

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.code === "KeyK" && $("#aids")) {
    event.preventDefault();
    show();
    return;
  }
  if (!event.target.closest?.("#aids") || event.ctrlKey || event.altKey || event.metaKey) return;
  const all = picks();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) all[Math.min(Math.max(all.indexOf(event.target) + step, 0), all.length - 1)]?.focus();
  else if (/^[1-9]$/.test(event.key)) [...(event.target.closest("details")?.querySelectorAll("[data-insert]") || [])][event.key - 1]?.click();
  else if (event.key === "Escape") $("#text").focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}, { capture: true });

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "aids" || !wanted) return;
  wanted = false;
  open();
});
