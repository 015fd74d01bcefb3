/* The print button, printing at once where the page was asked to, and N for the next customer. */
(() => {
  const button = document.querySelector("[data-printer]");
  button.hidden = false;
  button.addEventListener("click", () => print());
  const next = document.querySelector("[data-next]");
  addEventListener("keydown", (event) => {
    if (!next || document.body.dataset.singleKeys === "off" || event.isComposing) return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.key.toLowerCase() !== "n") return;
    event.preventDefault();
    next.click();
  });
  if ("print" in document.body.dataset) addEventListener("load", () => print());
})();
