// Follows what is saved, while the preview is served. The page is asked for anew, and what differs in
// it is put in place: everything else stays as it is, with scroll position, focus and what is open.
"use strict";
(() => {
  const PANEL = "live";
  let heard = false;
  let broken = false;
  let last = "";
  let busy = false;
  let again = false;

  const parsed = (text) => new DOMParser().parseFromString(text, "text/html");
  const panel = () => document.getElementById(PANEL);
  const isOurs = (node) => node.id === PANEL;

  // ── putting in place ──────────────────────────────────────────────────────────────────────────

  const alike = (one, other) =>
    one.nodeType === other.nodeType && one.nodeName === other.nodeName && (one.id || "") === (other.id || "");

  function attributes(now, then) {
    // Whether something is open, people decide.
    const kept = (name) => now.nodeName === "DETAILS" && name === "open";
    for (const { name } of [...now.attributes]) {
      if (!then.hasAttribute(name) && !kept(name)) now.removeAttribute(name);
    }
    for (const { name, value } of then.attributes) {
      if (now.getAttribute(name) !== value && !kept(name)) now.setAttribute(name, value);
    }
  }

  function morph(now, then) {
    if (now.nodeType !== Node.ELEMENT_NODE) {
      if (now.nodeValue !== then.nodeValue) now.nodeValue = then.nodeValue;
      return;
    }
    attributes(now, then);
    children(now, [...then.childNodes]);
  }

  function children(now, wanted) {
    const there = [...now.childNodes].filter((node) => !isOurs(node));
    let end = [...now.childNodes].find(isOurs) ?? null;
    // What is equal at the end is left alone, so that one more entry does not shift all others.
    while (wanted.length && there.length && there.at(-1).isEqualNode(wanted.at(-1))) {
      end = there.pop();
      wanted.pop();
    }
    for (const want of wanted) {
      const found = match(there, want);
      if (found < 0) {
        now.insertBefore(document.importNode(want, true), there[0] ?? end);
      } else {
        there.splice(0, found).forEach((gone) => gone.remove());
        morph(there.shift(), want);
      }
    }
    there.forEach((gone) => gone.remove());
  }

  // Of those that are left, the one that this becomes: by its id, else the next of its kind.
  function match(there, want) {
    if (want.id) return there.findIndex((node) => alike(node, want));
    return there.length && alike(there[0], want) ? 0 : -1;
  }

  // ── asking anew ───────────────────────────────────────────────────────────────────────────────

  async function page() {
    const answer = await fetch(location.pathname, { cache: "no-cache" });
    const text = await answer.text();
    const changed = text !== last && parsed(text).body.innerHTML !== shownWithoutPanel();
    last = text;
    if (changed) {
      const focused = document.activeElement?.id;
      const then = parsed(text);
      document.title = then.title;
      morph(document.body, then.body);
      if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus();
      document.dispatchEvent(new Event("campaign:changed"));
    }
    return { changed, gone: answer.status === 404 };
  }

  function shownWithoutPanel() {
    const copy = document.body.cloneNode(true);
    copy.querySelector(`#${PANEL}`)?.remove();
    return copy.innerHTML;
  }

  async function side() {
    const answer = await fetch("/live/panel.html", { cache: "no-cache" });
    const fresh = parsed(await answer.text()).getElementById(PANEL);
    const word = panel()?.querySelector(".live-word");
    const folded = panel()?.querySelector(".live-hide")?.getAttribute("aria-expanded") === "false";
    const then = document.importNode(fresh, true);
    // A status is only read out when its words change, not when it comes into the page.
    if (word) then.querySelector(".live-word").replaceWith(word);
    if (panel()) panel().replaceWith(then);
    else document.body.append(then);
    if (folded && broken) fold(then.querySelector(".live-hide"));
    return then.querySelector(".live-problems") !== null;
  }

  function fold(button) {
    if (!button) return;
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? button.dataset.hide : button.dataset.show;
  }

  function say(name, bad = false) {
    const word = panel()?.querySelector(".live-word");
    if (!word) return;
    word.textContent = word.dataset[name];
    word.classList.toggle("bad", bad);
  }

  async function refresh() {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      do {
        again = false;
        const [shown, isBroken] = await Promise.all([page(), side()]);
        tell(shown, isBroken);
        heard = true;
        broken = isBroken;
      } while (again);
    } catch {
      say("stopped", true);
    } finally {
      busy = false;
    }
  }

  function tell(shown, isBroken) {
    if (isBroken) say("broken", true);
    else if (shown.gone) say("gone", true);
    else if (broken) say("mended");
    else if (!heard) say("following");
    else say(shown.changed ? "updated" : "unchanged");
  }

  // ── hearing of it ─────────────────────────────────────────────────────────────────────────────

  // A browser keeps only six connections to one server: pages that nobody sees give theirs back.
  let events = null;
  function listen() {
    if (document.hidden) {
      events?.close();
      events = null;
    } else if (!events) {
      events = new EventSource("/live/events");
      events.addEventListener("shown", refresh);
      events.addEventListener("error", () => say("stopped", true));
    }
  }

  document.addEventListener("click", (click) => {
    if (click.target.matches?.(".live-hide")) fold(click.target);
  });
  document.addEventListener("visibilitychange", listen);
  listen();
})();
