// A select becomes a field to search in (ARIA combobox with a list). Without this script it stays a select.
let number = 0;

function enhance(select) {
  if (select.dataset.ready) return;
  select.dataset.ready = "1";
  const id = `combo-${++number}`;
  const input = Object.assign(document.createElement("input"), { type: "text", id: `${id}-input`, autocomplete: "off", spellcheck: false });
  const list = Object.assign(document.createElement("div"), { id: `${id}-list`, hidden: true });
  const box = Object.assign(document.createElement("div"), { className: "combo" });
  const label = document.querySelector(`label[for="${select.id}"]`);
  list.setAttribute("role", "listbox");
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" })) input.setAttribute(name, value);
  if (select.getAttribute("aria-invalid")) input.setAttribute("aria-invalid", "true");
  if (label) { label.htmlFor = input.id; label.id ||= `${id}-label`; list.setAttribute("aria-labelledby", label.id); }
  const nothing = [...select.options].find((each) => !each.value);
  if (nothing) input.placeholder = nothing.textContent.trim();
  input.autofocus = select.autofocus;
  select.before(box);
  box.append(input, list, select);
  select.hidden = true;
  const required = select.required;
  select.required = false;
  input.required = required;

  const chosen = () => select.selectedOptions[0];
  const show = () => { input.value = chosen()?.value ? chosen().textContent.trim() : ""; };
  let options = [];
  let at = -1;
  let asked = 0;

  const known = () => [...select.options].filter((each) => each.value || !required).map((each) => ({ value: each.value, label: each.textContent.trim(), hint: each.dataset.hint || "" }));
  const fold = (text) => text.toLowerCase().replaceAll("ё", "е");
  const fits = (each, words) => words.every((word) => fold(`${each.label} ${each.hint}`).includes(word));

  function draw() {
    list.replaceChildren(...options.slice(0, 60).map((each, index) => {
      const option = document.createElement("div");
      option.id = `${id}-${index}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", String(index === at));
      option.textContent = each.label;
      if (each.hint) { const hint = document.createElement("small"); hint.textContent = each.hint; option.append(hint); }
      option.dataset.index = index;
      return option;
    }));
    if (!options.length) { const none = document.createElement("div"); none.className = "none"; none.textContent = "—"; list.append(none); }
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    if (at >= 0) { input.setAttribute("aria-activedescendant", `${id}-${at}`); list.children[at]?.scrollIntoView({ block: "nearest" }); }
    else input.removeAttribute("aria-activedescendant");
  }
  function close() { list.hidden = true; at = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); }
  function choose(each) {
    if (![...select.options].some((option) => option.value === each.value)) select.append(new Option(each.label, each.value));
    select.value = each.value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    show();
    close();
  }
  async function search() {
    const words = fold(input.value).split(/\s+/).filter(Boolean);
    options = known().filter((each) => fits(each, words));
    at = options.length && words.length ? 0 : -1;
    draw();
    if (!select.dataset.source || words.join("").length < 2) return;
    const mine = ++asked;
    await new Promise((resolve) => setTimeout(resolve, 180));
    if (mine !== asked) return;
    const address = new URL(select.dataset.source, location.href);
    address.searchParams.set("q", input.value);
    const response = await fetch(address).catch(() => null);
    if (mine !== asked || !response?.ok || list.hidden) return;
    const found = (await response.json()).options;
    options = [...options, ...found.filter((each) => !options.some((have) => have.value === each.value))];
    if (at < 0 && options.length) at = 0;
    draw();
  }
  input.addEventListener("input", search);
  input.addEventListener("focus", () => input.select());
  input.addEventListener("click", () => { if (list.hidden) { options = known(); at = options.findIndex((each) => each.value === select.value); draw(); } });
  input.addEventListener("blur", () => setTimeout(() => { if (!box.contains(document.activeElement)) { close(); if (!input.value && !required) select.value = ""; show(); } }, 120));
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) { options = known(); at = options.findIndex((each) => each.value === select.value) - (event.key === "ArrowDown" ? 1 : -1); }
      at = Math.min(Math.max(at + (event.key === "ArrowDown" ? 1 : -1), 0), Math.min(options.length, 60) - 1);
      draw();
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      if (options[at]) choose(options[at]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      show();
      close();
    }
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) choose(options[Number(option.dataset.index)]);
  });
  show();
}

const all = (within) => { for (const select of within.querySelectorAll("select[data-combobox]")) enhance(select); };
all(document);
document.addEventListener("htmx:afterSwap", (event) => all(event.detail.target));
