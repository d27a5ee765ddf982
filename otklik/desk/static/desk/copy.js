// A button that copies the text of the field it names; without the right to the clipboard the text is selected.
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    button.querySelector("[data-said]").textContent = button.dataset.copied;
  } catch {
    field.focus();
  }
});
