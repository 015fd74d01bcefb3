/* The print button, and printing at once where the page was asked to. */
(() => {
  const button = document.querySelector("[data-printer]");
  button.hidden = false;
  button.addEventListener("click", () => print());
  if ("print" in document.body.dataset) addEventListener("load", () => print());
})();
