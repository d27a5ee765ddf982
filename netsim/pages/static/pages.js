// What a page gains from a script: news without reloading, the comment a link points at, one sending per press.
"use strict";

(() => {
  const { here, watch, me } = document.body.dataset;
  const news = document.querySelector(".news");

  // -- news ------------------------------------------------------------------------------------------------
  const unfinished = (element) =>
    element.contains(document.activeElement) ||
    [...element.querySelectorAll("textarea, input[type=file], input[type=text], input[type=checkbox]")].some((field) =>
      field.type === "file" ? field.files.length > 0
        : field.type === "checkbox" ? field.checked !== field.defaultChecked
          : field.value !== field.defaultValue);

  const owner = (element) => element.parentElement.closest("[data-key]");
  const own = (scope, selector) => {
    const item = scope === document.body || scope === scope.ownerDocument.body ? null : scope;
    return [...scope.querySelectorAll(selector)].filter((element) => owner(element) === item);
  };

  function renewParts(scope, fresh) {
    const parts = new Map(own(fresh, "[data-part]").map((part) => [part.dataset.part, part]));
    for (const part of own(scope, "[data-part]")) {
      const next = parts.get(part.dataset.part);
      if (!next || next.dataset.version === part.dataset.version) continue;
      // What is being typed stays; the part is drawn anew when it is finished.
      if (part.querySelector("form") && unfinished(part)) continue;
      part.replaceWith(document.importNode(next, true));
    }
  }

  function renewLists(scope, fresh) {
    const lists = new Map(own(fresh, "[data-list]").map((list) => [list.dataset.list, list]));
    let added = 0;
    for (const list of own(scope, "[data-list]")) {
      const next = lists.get(list.dataset.list);
      if (next) added += renewList(list, next);
    }
    return added;
  }

  function renewList(list, next) {
    const wanted = new Set([...next.children].map((item) => item.dataset.key));
    const follow = "follow" in list.dataset && nearEnd(list);
    for (const item of [...list.children]) {
      if (!wanted.has(item.dataset.key) && !unfinished(item)) item.remove();
    }
    const known = new Map([...list.children].map((item) => [item.dataset.key, item]));
    let place = list.firstElementChild;
    let added = 0;
    for (const fresh of next.children) {
      const item = known.get(fresh.dataset.key);
      if (!item) {
        const made = document.importNode(fresh, true);
        made.classList.add("is-new");
        list.insertBefore(made, place);
        added += 1;
      } else {
        renewParts(item, fresh);
        added += renewLists(item, fresh);
        if (item === place) place = place.nextElementSibling;
        else list.insertBefore(item, place);
      }
    }
    if (follow && added) list.scrollTop = list.scrollHeight;
    return added;
  }

  const nearEnd = (list) => list.scrollHeight - list.scrollTop - list.clientHeight < 120;

  let reading = false;
  let again = false;

  async function renew() {
    if (reading) { again = true; return; }
    reading = true;
    try {
      const answer = await fetch(here, { credentials: "same-origin" });
      if (answer.ok) {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body;
        renewParts(document.body, fresh);
        if (renewLists(document.body, fresh)) tell();
      }
    } catch { /* the network is away: the next piece of news comes with the next connection */ }
    reading = false;
    if (again) { again = false; renew(); }
  }

  function tell() {
    news.textContent = news.dataset.news;
    news.hidden = false;
    setTimeout(() => { news.hidden = true; news.textContent = ""; }, 4000);
  }

  let stream = null;

  // A browser keeps few connections to a site: pages out of sight give theirs back.
  function listen() {
    if (document.hidden) {
      stream?.close();
      stream = null;
      delete document.body.dataset.stream;
    } else if (!stream) {
      stream = new EventSource(`/live?watch=${encodeURIComponent(watch)}`);
      stream.addEventListener("ready", async () => { await renew(); document.body.dataset.stream = "open"; });
      stream.addEventListener("changed", renew);
    }
  }

  document.addEventListener("visibilitychange", listen);
  addEventListener("pagehide", () => { stream?.close(); stream = null; });
  addEventListener("pageshow", listen);

  // -- forms -----------------------------------------------------------------------------------------------
  document.addEventListener("submit", (event) => {
    const buttons = event.target.querySelectorAll("button[type=submit]");
    setTimeout(() => buttons.forEach((button) => { button.disabled = true; }));
  });
  addEventListener("pageshow", () => {
    document.querySelectorAll("button[type=submit]:disabled").forEach((button) => { button.disabled = false; });
  });
  document.addEventListener("change", (event) => {
    const names = event.target.matches(".file-input") && event.target.parentElement.querySelector(".file-names");
    if (names) names.textContent = [...event.target.files].map((file) => file.name).join(", ");
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea")) {
      event.target.form.requestSubmit();
    }
    if (event.key === "Escape") document.querySelector(".menu[open]")?.removeAttribute("open");
  });
  document.addEventListener("click", (event) => {
    const menu = document.querySelector(".menu[open]");
    if (menu && !menu.contains(event.target)) menu.removeAttribute("open");
    // The form unfolds after this event; a key on the summary is a click as well.
    const folded = event.target.closest("details.act:not([open]) > summary")?.parentElement;
    if (folded) setTimeout(() => folded.querySelector("textarea")?.focus());
  });

  // -- drafts: a text begun here waits in this tab while another form of the page is sent --------------------
  const address = new URL(here, location.href);
  const draftOf = (field) => ["draft", me, address.pathname, address.searchParams.get("sel") ?? "", field.id].join(" ");
  const texts = () => [...document.querySelectorAll("textarea[id]")];
  const sent = new Set();

  document.addEventListener("submit", (event) => sent.add(event.target));
  addEventListener("pagehide", () => texts().forEach((field) => {
    if (field.value !== field.defaultValue && !sent.has(field.form)) sessionStorage.setItem(draftOf(field), field.value);
    else sessionStorage.removeItem(draftOf(field));
  }));
  texts().forEach((field) => {
    const draft = sessionStorage.getItem(draftOf(field));
    // What the network refused stands in the form already and is newer.
    if (!draft || field.hasAttribute("aria-invalid") || field.value !== field.defaultValue) return;
    field.value = draft;
    field.closest("details")?.setAttribute("open", "");
  });
  addEventListener("pageshow", () => sent.clear());

  // -- where to look ---------------------------------------------------------------------------------------
  const lines = document.querySelector("[data-follow]");
  if (lines) lines.scrollTop = lines.scrollHeight;
  if (!location.hash) document.querySelector(".said--pointed")?.scrollIntoView({ block: "center" });
  document.querySelector("[role=alert]")?.scrollIntoView({ block: "center" });
})();
