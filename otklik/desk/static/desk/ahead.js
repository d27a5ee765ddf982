// Panels of the card. Keys pressed while one is on its way belong to it: they are kept, and pressed in it when it has come.
const $ = (selector) => document.querySelector(selector);
const MOST = 40;
let coming = 0;
let kept = [];

export const awaited = () => coming > 0;
export const typing = (target) => target.closest?.("input:not([type=checkbox],[type=radio]), textarea, select, [contenteditable]");
const telling = (event) => [...event.key].length === 1 || /^(Enter|Escape|Arrow(Up|Down))$/.test(event.key);

// Before every other listener: none of them knows yet what a key means to a panel that is not there.
addEventListener("keydown", (event) => {
  if (!coming || event.isComposing || event.metaKey || event.altKey || typing(event.target) || !telling(event)) return;
  if (event.ctrlKey && event.key !== "Enter") return;
  const { key, code, shiftKey, ctrlKey } = event;
  if (kept.length < MOST) kept.push({ key, code, shiftKey, ctrlKey, bubbles: true, cancelable: true });
  event.preventDefault();
  event.stopImmediatePropagation();
}, { capture: true });

// Asked for apart from htmx: what redraws the card meanwhile must neither hold a panel back nor take it away.
export async function openPanel(address) {
  const incident = $("#story").dataset.incident;
  coming += 1;
  const response = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  const html = response?.ok && !response.redirected ? await response.text().catch(() => null) : null;
  coming -= 1;
  // The last one asked for is the one meant, and it belongs to the card it was asked from.
  if (coming) return;
  const keys = kept;
  kept = [];
  if (html === null) document.dispatchEvent(new Event("desk:failed"));
  else if (incident === $("#story")?.dataset.incident && $("#panel")) {
    htmx.swap("#panel", html, { swapStyle: "innerHTML", swapDelay: 0, settleDelay: 0 }, { eventInfo: { target: $("#panel") } });
    while (keys.length && !coming) press(keys.shift());
    kept.unshift(...keys);
  }
}

function press(key) {
  const at = document.activeElement || document.body;
  if (!at.dispatchEvent(new KeyboardEvent("keydown", key))) return;
  // What a browser adds to a key of a person it does not add to one told again.
  if (key.key === "Enter" && !at.matches("textarea")) enter(at);
  else if (typing(at)) write(at, key.key === "Enter" ? "\n" : key.key);
  else if (key.key === " " && at.matches("input, button, summary")) at.click();
}

function enter(at) {
  if (at.matches("a, button, summary")) at.click();
  else [...(at.form?.elements || [])].find((each) => each.type === "submit" && !each.disabled)?.click();
}

function write(at, text) {
  if ([...text].length !== 1 || !at.setRangeText || at.readOnly) return;
  at.setRangeText(text, at.selectionStart, at.selectionEnd, "end");
  at.dispatchEvent(new InputEvent("input", { bubbles: true, data: text, inputType: "insertText" }));
}
