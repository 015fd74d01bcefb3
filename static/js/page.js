/* Toasts, refused forms, counters, and forms that never lose text. Loaded on every face that has forms. */
(() => {
  const toasts = document.getElementById("dh-toasts");

  /* ── toasts: six seconds, only for what the page does not show by itself ── */
  const toast = (node) => {
    const slice = document.createElement("div");
    slice.className = "dh-toast";
    slice.append(node);
    toasts.append(slice);
    const leave = () => (slice.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : slice.remove());
    setTimeout(leave, 6000);
  };
  const lift = () => toasts && document.querySelectorAll("[data-toast]").forEach((said) => {
    const words = document.createElement("span");
    words.append(...(said.querySelector("div") || said).childNodes);
    said.remove();
    toast(words);
  });
  addEventListener("toast", (event) => toasts && toast(String(event.detail.value || event.detail)));

  /* ── what the server did not take ── */
  const refused = (within) => {
    const problems = within.querySelector(".dh-problems");
    if (problems) problems.focus();
  };
  addEventListener("htmx:afterSwap", (event) => refused(event.detail.target));
  const failed = (event) => {
    const config = event.detail.requestConfig || {};
    if (!toasts || config.verb === "get") return;
    const note = document.createElement("div");
    note.className = "dh-note dh-note--look dh-said";
    note.setAttribute("role", "alert");
    note.textContent = toasts.dataset.failed;
    (event.target.closest("form, section, main") || document.body).prepend(note);
  };
  addEventListener("htmx:responseError", failed);
  addEventListener("htmx:sendError", failed);

  /* ── a choice that needs no further press ── */
  addEventListener("change", (event) => event.target.matches("[data-submit]") && event.target.form.requestSubmit());

  /* ── counters ── */
  const count = (field) => {
    const counter = document.querySelector(`[data-count-for="${CSS.escape(field.id)}"]`);
    if (!counter) return;
    counter.hidden = false;
    counter.textContent = `${field.value.length} / ${counter.dataset.limit}`;
  };

  /* ── forms: sent once, never left by accident ── */
  let dirty = false;
  addEventListener("input", (event) => {
    if (event.target.id) count(event.target);
    if (event.target.closest("form[data-guard]")) dirty = true;
  });
  addEventListener("dh:kept", () => { dirty = false; }); // the server has it as a draft
  addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    dirty = false;
    setTimeout(release, 8000, form); // a download leaves the page where it is
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
    return undefined;
  });
  const release = (form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  };
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
  addEventListener("beforeunload", (event) => {
    if (!dirty) return;
    event.preventDefault();
    event.returnValue = ""; // older browsers ask only then
  });

  /* ── a promise of one's own broke while the page was open: said once, politely ── */
  addEventListener("dh:broken", (event) => {
    const own = event.target.closest("[data-own]");
    if (own && toasts) toast(event.target.textContent.trim());
  });

  /* ── a part that renews itself, for faces without htmx: never under a finger or while something is typed ── */
  const renew = async (part) => {
    const busy = part.contains(document.activeElement) || part.querySelector("details[open]");
    if (document.hidden || dirty || busy) return;
    try {
      const answer = await fetch(location.href, { headers: { "X-Poll": "1" }, credentials: "same-origin" });
      const next = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
      if (answer.ok && next) part.replaceChildren(...next.childNodes);
    } catch { /* no network: what stands there stays */ }
  };
  document.querySelectorAll("[data-renew]").forEach((part) => setInterval(renew, part.dataset.renew * 1000, part));

  lift();
  refused(document);
  document.querySelectorAll("textarea[id]").forEach(count);
})();
