/* Says so when a page is old: a tab that slept, a phone without network. Measured by the server's clock (promise.js). */
(() => {
  const OLD_MIN = 5;
  const look = () => document.querySelectorAll("[data-old]").forEach((note) => {
    const made = Date.parse(note.parentElement.querySelector("[data-made]").dataset.made);
    let ahead = 0;
    try { ahead = Number(sessionStorage.ahead) || 0; } catch { /* private mode */ }
    const min = Math.floor((Date.now() + ahead - made) / 6e4);
    note.hidden = min < OLD_MIN;
    const said = note.querySelector("span");
    note.dataset.old = note.dataset.old || said.textContent;
    said.textContent = note.dataset.old.replace("{m}", min);
  });
  setInterval(look, 15e3);
  addEventListener("pageshow", look);
  addEventListener("visibilitychange", look);
})();
