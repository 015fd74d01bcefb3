/* Re-words running promises every 30 s by the server's clock. Of states it only moves running → warning → broken. */
(() => {
  const { now, words } = document.body.dataset;
  if (!now || !words) return;
  const W = JSON.parse(words), RANK = { run: 0, warn: 1, over: 2 }, DAY = 864e5;
  const SHAPE = {
    warn: '<path fill="currentColor" d="M7 .8c2.6 3 5 5.2 5 8a5 5 0 0 1-10 0c0-2.8 2.4-5 5-8z"/>',
    over: '<rect x="1" y="1" width="12" height="12" rx="2" fill="currentColor"/><path class="dh-cut" d="M4.6 4.6l4.8 4.8m0-4.8l-4.8 4.8"/>',
  };
  let ahead = Date.parse(now) - Date.now(); // a page from the browser's cache is old: the freshest page knows best
  try { sessionStorage.ahead = ahead = Math.max(ahead, sessionStorage.ahead || -Infinity); } catch (e) { /* private mode */ }

  const fill = (text, v) => text.replace(/%\((\w+)\)(02)?./g, (_, k, two) => (two ? `0${v[k]}`.slice(-2) : v[k]));
  const count = (forms, n) => fill(forms[n === 1 ? 0 : forms.length - 1], { n });
  const span = (ms, over, S) => {
    if (!over && ms < 6e4) return S.under;
    const up = (unit) => Math[over ? "ceil" : "floor"](ms / unit), m = up(6e4);
    if (m * 6e4 >= DAY) {
      const hours = up(36e5), r = hours % 24, days = count(W.days, ms < 3 * DAY ? Math.floor(hours / 24) : up(DAY));
      return !r || ms >= 3 * DAY ? days : S.hours ? `${days} ${count(S.hours, r)}` : fill(W.dh, { days, h: r });
    }
    const h = Math.floor(m / 60), r = m % 60;
    if (S.hours) return [h && count(S.hours, h), r && count(S.minutes, r)].filter(Boolean).join(" ");
    return fill(h ? (r ? S.hm : S.h) : S.m, { h, m: r });
  };

  const tick = (el) => {
    const d = el.dataset, at = Date.now() + ahead, due = Date.parse(d.due), start = Date.parse(d.start), was = d.state;
    const is = at > due ? "over" : d.warn && at >= Date.parse(d.warn) ? "warn" : "run";
    const find = (one) => el.querySelector(one), said = el.classList[0] === "dh-say";
    if (RANK[is] > RANK[was]) {
      const look = (state) => `${el.classList[0]}--${said && state === "over" ? "broken" : state}`;
      d.state = is;
      el.classList.remove(look(was));
      el.classList.add(look(is));
      if (find(".dh-sh")) find(".dh-sh").innerHTML = SHAPE[is];
      if (is === "over") el.dispatchEvent(new CustomEvent("dh:broken", { bubbles: true }));
    } else if (RANK[is] < RANK[was]) return;
    if (is !== "over") draw(find, (100 * (at - start)) / (due - start));
    else if (was !== "over") draw(find, 100);
    if ("days" in d && is !== "over" && due - at >= DAY) return;
    const words = is === "over" ? span(Math.max(1, at - due), true, said ? W.long : W) : span(due - at, false, said ? W.long : W);
    if (said) {
      if (was !== is && is === "over") find(".dh-left").textContent = fill(W.late, { span: words });
      else if (find(".dh-span")) find(".dh-span").textContent = words;
    } else find(".dh-t").textContent = is !== "over" && due - at < 6e4 ? W.soon : fill(W[is], { span: words });
  };

  const draw = (find, used) => {
    const p = Math.min(100, Math.max(0, used)), set = (one, name, value) => find(one) && find(one).setAttribute(name, value);
    set(".dh-burnt", "width", `${p}%`);
    set(".dh-rest", "x", `${p}%`);
    set(".dh-rest", "width", `${100 - p}%`);
    set(".dh-now", "x", `${p}%`);
    set(".dh-pie", "stroke-dasharray", `${100 - p} 100`);
    set(".dh-pie", "transform", `rotate(${3.6 * p - 90} 7 7)`);
  };

  const all = () => document.querySelectorAll("[data-state][data-due]").forEach(tick);
  setInterval(all, 3e4);
  addEventListener("pageshow", (e) => e.persisted && all());
})();
