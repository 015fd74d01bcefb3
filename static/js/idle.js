// Asks the server how long the session still lives, warns two minutes before its end, and ends on the login page.
// Whoever types, clicks or moves the pointer is there: every four minutes that is told to the server.
(() => {
  "use strict";
  const dialog = document.getElementById("dh-idle");
  if (!dialog) return;
  const WARN_S = 120;
  const RETRY_S = 30;
  const TELL_S = 240;
  const onWall = document.body.classList.contains("dh-wall"); // nobody sits at it: its own refresh keeps it alive
  let present = onWall;
  let timer = 0;
  let due = 0;

  const seen = () => { present = true; };
  ["pointerdown", "pointermove", "keydown", "input", "touchstart"].forEach((kind) =>
    document.addEventListener(kind, (event) => { if (!dialog.contains(event.target)) seen(); }, { passive: true, capture: true }));

  // What a page asks by itself is no act of the person; the server goes by this header.
  document.body.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.triggeringEvent && !onWall) event.detail.headers["X-Poll"] = "1";
  });

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
      const isThere = present && !dialog.open;
      present = onWall;
      settle(await ask(isThere ? "POST" : "GET"));
    } catch {
      wait(RETRY_S); // no network: nothing is lost, ask again
    }
  }

  dialog.querySelector("[data-stay]").addEventListener("click", async () => {
    try { settle(await ask("POST")); } catch { wait(RETRY_S); }
  });
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); dialog.querySelector("[data-stay]").click(); });
  document.addEventListener("visibilitychange", () => { // timers sleep with the machine
    if (!document.hidden && Date.now() > due) { present = onWall; check(); }
  });
  setInterval(() => { if (present && !dialog.open) check(); }, TELL_S * 1000);
  wait(Number(dialog.dataset.idleS) - WARN_S); // this page was an act; the session is fresh
})();
