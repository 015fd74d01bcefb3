/* Keys of the desk (shown by “?”). A page marks what they act on:
   data-row (J K), data-open (Enter), data-next (N), data-tick (X), data-act (A), data-key="1" (number keys),
   data-alt="1…8" and data-alt="b" (Alt), data-save (Ctrl Enter), data-draft (Ctrl S), data-refresh (R), data-back (Esc). */
(() => {
  const singles = document.body.dataset.singleKeys !== "off";
  const first = (one, within) => (within || document).querySelector(one);
  const visible = (el) => el && el.getClientRects().length > 0;
  const press = (el) => {
    if (!visible(el) && !(el && el.matches("input"))) return false;
    el.click();
    return true;
  };
  const typing = (el) => el.isContentEditable || /^(textarea|select)$/i.test(el.tagName) ||
    (el.tagName === "INPUT" && !/^(radio|checkbox|button|submit|file)$/.test(el.type));

  /* ── the current row ── */
  const rows = () => [...document.querySelectorAll("[data-row]")].filter(visible);
  const current = () => first("[data-row].dh-at");
  const move = (step) => {
    const all = rows();
    if (!all.length) return false;
    const next = all[Math.min(all.length - 1, Math.max(0, all.indexOf(current()) + step))] || all[0];
    all.forEach((row) => row.classList.toggle("dh-at", row === next));
    next.scrollIntoView({ block: "nearest" });
    return true;
  };

  /* ── single keys ── */
  let goUntil = 0;
  const single = (key) => {
    if (Date.now() < goUntil) {
      goUntil = 0;
      return press(first(`[data-go="${CSS.escape(key)}"]`));
    }
    if (key === "g") return (goUntil = Date.now() + 1500) > 0;
    if (/^[1-9]$/.test(key)) return press(first(`[data-key="${key}"]`, current()) || first(`[data-key="${key}"]`));
    const row = current();
    switch (key) {
      case "/": first("#dh-find").focus(); return true;
      case "?": first("#dh-keys").showModal(); return true;
      case "j": return move(1);
      case "k": return move(-1);
      case "n": return press(row && first("[data-next]", row));
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
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") return press(mark("[data-save]"));
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") return press(mark("[data-draft]"));
    if (event.altKey && !event.ctrlKey) {
      const place = event.code.replace(/^(Digit|Key)/, "").toLowerCase(); // Alt changes the letter on some keyboards
      return /^[1-8b]$/.test(place) && press(first(`[data-alt="${place}"]`));
    }
    return false;
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
    else if (event.key === "Enter") done = event.target === document.body && press(current() && first("[data-open]", current()));
    else if (singles && event.key.length === 1) done = single(event.key.toLowerCase());
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
  document.addEventListener("click", (event) => {
    if (!finder.contains(event.target)) first("#dh-hits").textContent = "";
  });
})();
