// Asks the server how long the session still lives, warns two minutes before its end, and ends on the login page.
// Whoever types, clicks or moves the pointer is there: the session is then prolonged without a question.
(() => {
  "use strict";
  const dialog = document.getElementById("dh-idle");
  if (!dialog) return;
  const WARN_S = 120;
  const RETRY_S = 30;
  let present = false;
  let timer = 0;
  let due = 0;

  const seen = () => { present = true; };
  ["pointerdown", "pointermove", "keydown", "input", "touchstart"].forEach((kind) =>
    document.addEventListener(kind, (event) => { if (!dialog.contains(event.target)) seen(); }, { passive: true, capture: true }));

  const token = dialog.querySelector("[name=csrfmiddlewaretoken]").value;

  const ask = async (method) => {
    const headers = method === "POST" ? { "X-CSRFToken": token } : { "X-Poll": "1" };
    const answer = await fetch(dialog.dataset.url, { method, headers, redirect: "manual", credentials: "same-origin" });
    return answer.ok ? (await answer.json()).left_s : null; // null: logged out already
  };

  const leave = () => {
    const here = location.pathname + location.search;
    location.assign(`${dialog.dataset.login}?idle=1&next=${encodeURIComponent(here)}`);
  };

  const wait = (seconds) => {
    clearTimeout(timer);
    due = Date.now() + seconds * 1000;
    timer = setTimeout(check, Math.max(1, seconds) * 1000);
  };

  const settle = (left) => {
    if (left === null) return leave();
    if (left > WARN_S) {
      if (dialog.open) dialog.close();
      return wait(left - WARN_S);
    }
    if (!dialog.open) dialog.showModal();
    return wait(left > 0 ? Math.min(left, RETRY_S) : 60);
  };

  async function check() {
    try {
      let left = await ask("GET");
      if (left !== null && left <= WARN_S && present && !dialog.open) left = await ask("POST");
      present = false;
      settle(left);
    } catch {
      wait(RETRY_S); // no network: nothing is lost, ask again
    }
  }

  dialog.querySelector("[data-stay]").addEventListener("click", async () => {
    try { settle(await ask("POST")); } catch { wait(RETRY_S); }
  });
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); dialog.querySelector("[data-stay]").click(); });
  document.addEventListener("visibilitychange", () => { // timers sleep with the machine
    if (!document.hidden && Date.now() > due) check();
  });
  wait(Number(dialog.dataset.idleS) - WARN_S); // this page was an act; the session is fresh
})();
