// The notice of bursts over the queue: drawn again when live.js hears of a change, or may have missed one.
document.addEventListener("desk:surges", async () => {
  const here = document.querySelector("#surges");
  if (!here || here.contains(document.activeElement)) return;
  const response = await fetch(here.dataset.address, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!response?.ok || response.redirected) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("#surges");
  if (!fresh) return;
  here.replaceChildren(...[...fresh.childNodes].map((each) => document.adoptNode(each)));
  htmx.process(here);
});
