/* Keys of the desk (shown by “?”). A page marks what they act on:
   data-row (J K) with data-href or an inner data-open (Enter), data-step (N), data-tick (X); data-act (A);
   data-key="1" (number keys); data-main (Ctrl Enter); data-kind-key="1" (Alt 1); data-merge (Alt B); data-refresh (R);
   data-back (Esc). Ctrl S sends “dh:draft” to the body while a form is guarded. */
(() => {
  const singles = document.body.dataset.singleKeys !== "off";
  const first = (one, within) => (within || document).querySelector(one);
  const visible = (el) => el && el.getClientRects().length > 0;
  const press = (el) => {
    if (!visible(el) && !(el && el.matches("input"))) return false;
    el.click();
    if (el.matches("[type=radio]")) el.focus(); // Tab goes on from what was chosen
    return true;
  };
  const typing = (el) => el.isContentEditable || /^(textarea|select)$/i.test(el.tagName) ||
    (el.tagName === "INPUT" && !/^(radio|checkbox|button|submit|file)$/.test(el.type));

  /* ── the current row ── */
  let place = ""; // a refreshed list keeps the current row
  addEventListener("htmx:afterSwap", () => {
    const all = rows(), kept = place && all.find((row) => row.dataset.href === place);
    if (kept) all.forEach((row) => row.classList.toggle("dh-at", row === kept));
  });

  /* ── nothing moves under the pointer: a list that renews itself waits while somebody is in it ── */
  const hrefs = (within) => [...within.querySelectorAll("[data-row]")].map((row) => row.dataset.href);
  addEventListener("htmx:beforeSwap", (event) => {
    const { target, requestConfig, serverResponse } = event.detail;
    const busy = target.matches("[data-calm]") && (target.matches(":hover") || target.contains(document.activeElement));
    if (!busy || requestConfig.triggeringEvent) return;
    const next = new DOMParser().parseFromString(serverResponse, "text/html").getElementById(target.id);
    const was = hrefs(target), will = next ? hrefs(next) : was, news = target.querySelector("[data-news]");
    if (was.join() === will.join() || !news) return;
    const more = will.filter((href) => !was.includes(href)).length;
    news.querySelector("button").textContent = more ? news.dataset.more.replace("{n}", more) : news.dataset.other;
    news.hidden = false;
    event.detail.shouldSwap = false;
  });
  addEventListener("click", (event) => {
    const list = event.target.closest("[data-refresh]") && event.target.closest("[data-calm]");
    if (list) list.dispatchEvent(new CustomEvent("dh:fresh"));
  });
  const rows = () => [...document.querySelectorAll("[data-row]")].filter(visible);
  const current = () => first("[data-row].dh-at");
  const move = (step) => {
    const all = rows();
    if (!all.length) return false;
    const next = all[Math.min(all.length - 1, Math.max(0, all.indexOf(current()) + step))] || all[0];
    mark(next);
    next.scrollIntoView({ block: "nearest" });
    clearTimeout(looking);
    looking = setTimeout(() => press(first("[data-look]", next)), 200); // a board shows the order under the bar
    return true;
  };
  let looking = 0;
  const mark = (row) => {
    rows().forEach((one) => one.classList.toggle("dh-at", one === row));
    place = row.dataset.href;
  };
  document.addEventListener("click", (event) => {
    const look = event.target.closest("[data-look]");
    if (look) mark(look.closest("[data-row]"));
  });

  const open = (row) => {
    if (row && row.dataset.href) location.assign(row.dataset.href);
    else return Boolean(row) && press(first("[data-open]", row));
    return true;
  };

  /* ── single keys ── */
  let goUntil = 0;
  const single = (key, target) => {
    if (Date.now() < goUntil) {
      goUntil = 0;
      return press(first(`[data-go="${CSS.escape(key)}"]`));
    }
    if (key === "g") return (goUntil = Date.now() + 1500) > 0;
    const row = current();
    if (/^[1-9]$/.test(key)) { // the group that has the focus, else the current row, else the first on the page
      const near = [target.closest("fieldset"), row].map((within) => within && first(`[data-key="${key}"]`, within));
      return press(near[0] || near[1] || first(`[data-key="${key}"]`));
    }
    switch (key) {
      case "/": first("#dh-find").focus(); return true;
      case "?": first("#dh-keys").showModal(); return true;
      case "j": return move(1);
      case "k": return move(-1);
      case "n": return press(row && first("[data-step]", row));
      case "x": return press(row && first("[data-tick]", row));
      case "a": return press(first("[data-act]"));
      case "r": return press(first("[data-refresh]"));
      default: return false;
    }
  };

  /* ── keys with Ctrl or Alt work inside fields too ── */
  const chord = (event) => {
    const form = event.target.closest && event.target.closest("form");
    const mark = (name) => (form && first(name, form)) || first(name);
    if (event.altKey) { // by place: Alt changes the letter on some keyboards
      if (event.code === "KeyB") return press(first("[data-merge]"));
      const digit = /^Digit([1-8])$/.exec(event.code);
      return Boolean(digit) && press(first(`[data-kind-key="${digit[1]}"]`));
    }
    if (event.key === "Enter") return press(mark("[data-main]"));
    if (event.key.toLowerCase() !== "s" || !first("form[data-guard]")) return false;
    return document.body.dispatchEvent(new CustomEvent("dh:draft"));
  };

  const escape = (target) => {
    if (document.querySelector("dialog[open]")) return false;
    if (typing(target)) return target.blur(), true;
    return press(first("[data-back]"));
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
    const inField = typing(event.target);
    let done = false;
    if (event.ctrlKey || event.metaKey || event.altKey) done = chord(event);
    else if (event.key === "Escape") done = escape(event.target);
    else if (inField || document.querySelector("dialog[open]")) done = false;
    else if (event.key === "Enter") done = event.target === document.body && open(current());
    else if (singles && event.key.length === 1) done = single(event.key.toLowerCase(), event.target);
    if (done) event.preventDefault();
  });

  /* ── the search box: arrows walk through what was found ── */
  const box = first("#dh-find");
  if (!box) return;
  const finder = box.closest("form");
  finder.addEventListener("keydown", (event) => {
    if (event.isComposing || !/^Arrow(Up|Down)$/.test(event.key)) return;
    const hits = [box, ...finder.querySelectorAll("#dh-hits a")];
    const next = hits[hits.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) next.focus();
    event.preventDefault();
  });
  const forget = () => { first("#dh-hits").textContent = ""; };
  document.addEventListener("click", (event) => finder.contains(event.target) || forget());
  finder.addEventListener("focusout", (event) => finder.contains(event.relatedTarget) || setTimeout(forget, 150));
  finder.addEventListener("keydown", (event) => event.key === "Escape" && forget());

  /* ── a customer is chosen: the first question has the focus, so that Tab and the number keys go on from there ── */
  if (document.activeElement === document.body && first(".dh-at-intake") && location.search.includes("customer=")) {
    const question = first("#dh-intake .dh-pick input");
    if (question) question.focus({ preventScroll: true });
  }
})();
