// What the check found is underlined behind the text, and a hint shows its words there.
const $ = (selector) => document.querySelector(selector);

function draw() {
  const under = $("#under");
  const field = $("#text");
  const marks = $("#check-marks");
  if (!under || !field) return;
  // The text may have gone on while it was being checked: marks of another text would lie.
  const fits = marks && marks.textContent === field.value;
  under.replaceChildren(...(fits ? [...marks.cloneNode(true).childNodes] : []));
  under.style.width = `${field.clientWidth}px`;
  under.scrollTop = field.scrollTop;
}

document.addEventListener("htmx:afterSwap", (event) => { if (["check", "card"].includes(event.detail.target.id)) draw(); });
document.addEventListener("input", (event) => { if (event.target.id === "text") draw(); });
document.addEventListener("scroll", (event) => { if (event.target.id === "text") $("#under").scrollTop = event.target.scrollTop; }, { capture: true, passive: true });
addEventListener("resize", draw);

document.addEventListener("click", (event) => {
  const hint = event.target.closest("#check [data-from]");
  if (!hint) return;
  const field = $("#text");
  const { from, to } = hint.dataset;
  const found = hint.textContent.slice(1, -1).replace(/…$/, "");
  // What has been typed since moved the words: they are looked for, or the caret stays where it is.
  const at = field.value.slice(Number(from), Number(to)).startsWith(found) ? Number(from) : field.value.indexOf(found);
  field.focus();
  if (at >= 0) field.setSelectionRange(at, at + (Number(to) - Number(from)));
});
