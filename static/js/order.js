/* Acts in a dialog on the order page, times that are only asked when needed, and printing. Everything works without. */
(() => {
  const dialog = document.getElementById("dh-act");
  const ANSWERS = [403, 409]; // pages with words in them, to be read where the form was

  if (dialog && dialog.showModal) {
    document.addEventListener("htmx:afterSwap", (event) => {
      if (event.detail.target !== dialog) return;
      if (!dialog.open) dialog.showModal();
      depend(dialog);
    });
    document.addEventListener("htmx:beforeSwap", (event) => {
      if (event.detail.target !== dialog || !ANSWERS.includes(event.detail.xhr.status)) return;
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    });
    /* Esc never loses text: an act that is asked for again finds the form as it was left */
    document.addEventListener("htmx:beforeRequest", (event) => {
      const form = dialog.querySelector("form"), { target, requestConfig } = event.detail;
      if (target !== dialog || requestConfig.verb !== "get" || !form) return;
      const typed = [...form.querySelectorAll("textarea, input[type=text]")].some((one) => one.value !== one.defaultValue);
      if (!typed || new URL(form.action).pathname !== requestConfig.path.split("?")[0]) return;
      event.preventDefault();
      dialog.showModal();
    });
    dialog.addEventListener("click", (event) => {
      if (!event.target.closest("[data-close]")) return;
      event.preventDefault();
      dialog.close();
    });
  }

  /* ── a time that belongs to one option is hidden while another is chosen ── */
  const RULES = [
    ["moment", { earlier: "at" }],
    ["time", { known: "new_time", unknown: "next_news" }],
    ["unit", { other: "other_unit" }],
    ["kind", { fault: "situation", service: "service_type" }],
  ];
  const depend = (within) => RULES.forEach(([name, fields]) => {
    const options = [...within.querySelectorAll(`input[name="${name}"], select[name="${name}"]`)];
    if (!options.length) return;
    const show = () => {
      const chosen = (options.find((one) => one.checked || one.matches("select")) || {}).value;
      Object.entries(fields).forEach(([value, field]) => {
        const control = within.querySelector(`[name="${field}"]`);
        if (control) control.closest(".dh-f").hidden = value !== chosen;
      });
    };
    options.forEach((one) => one.addEventListener("change", show));
    show();
  });
  depend(document);

  if (new URLSearchParams(location.search).get("print") === "1") addEventListener("load", () => print());
})();
