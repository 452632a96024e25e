// What a kit does on somebody's phone: today on top, a tap copies, what was posted is kept here.
// Nothing is asked of anybody, and nothing is told to anybody.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const { campaign, member, kit, first, last, locale } = document.body.dataset;
  // What is said stands in the page, in the language of whoever reads it.
  const wording = $("words").dataset;
  const filled = (message, values) =>
    message.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
  const KEPT = `campaign-kit/${campaign}/${member}`;

  function made(name, properties = {}, ...inner) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...inner);
    return element;
  }

  function tell(words) {
    $("status").textContent = words;
    clearTimeout(tell.timer);
    tell.timer = setTimeout(() => ($("status").textContent = ""), 6000);
  }

  // ── what this phone keeps ─────────────────────────────────────────────────────────────────────

  let keeps = true;
  let state = { to: null, ticks: {} };

  function recall() {
    try {
      const said = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
      const ticks = said.ticks && typeof said.ticks === "object" ? said.ticks : {};
      state = { to: typeof said.to === "string" ? said.to : null, ticks };
    } catch {
      keeps = false;
    }
  }

  function keep() {
    try {
      localStorage.setItem(KEPT, JSON.stringify(state));
      keeps = true;
    } catch {
      keeps = false;
    }
    show();
  }

  // ── days, by the phone's own date ─────────────────────────────────────────────────────────────

  function today() {
    const now = new Date();
    const two = (number) => String(number).padStart(2, "0");
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  }

  const inOrder = all("details.day");
  const said = (date) => {
    const [year, month, day] = date.split("-").map(Number);
    const form = { weekday: "long", day: "numeric", month: "long" };
    return new Date(year, month - 1, day).toLocaleDateString(locale, form);
  };

  let shownFor = "";
  function showToday() {
    const date = today();
    if (date === shownFor) return;
    shownFor = date;
    $("days").append(...inOrder);
    for (const day of inOrder) day.open = day.dataset.date === date;
    const found = inOrder.find((day) => day.dataset.date === date);
    if (found) $("today").append(found);
    const words = found
      ? ""
      : date < first
        ? filled(wording.before, { day: said(date), first: said(first) })
        : date > last
          ? filled(wording.over, { day: said(date) })
          : "";
    $("today-said").textContent = words;
    $("today").hidden = false;
  }

  // ── where somebody posts ──────────────────────────────────────────────────────────────────────

  function showDestination() {
    const to = $("where").value;
    for (const text of all(".text"))
      text.hidden = to !== "" && !text.dataset.for.split(" ").includes(to);
    for (const place of all(".where li")) place.hidden = to !== "" && place.dataset.to !== to;
    for (const post of all(".post")) {
      const nothing = all(".text", post).every((text) => text.hidden);
      const told = post.querySelector(".nowhere");
      if (nothing && !told) {
        const told = made("p", { className: "told nowhere" }, wording.nowhere);
        post.querySelector(".text")?.before(told);
      } else if (!nothing) told?.remove();
    }
  }

  // ── copying ───────────────────────────────────────────────────────────────────────────────────

  const words = (element) => element.value ?? element.textContent;

  function select(element) {
    element.closest("details")?.setAttribute("open", "");
    if (element.select) {
      element.focus();
      element.select();
      return;
    }
    const range = document.createRange();
    range.selectNodeContents(element);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  async function copy(button) {
    const element = $(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(words(element));
      copied(button);
    } catch {
      select(element);
      let done = false;
      try {
        done = document.execCommand("copy");
      } catch {
        // then the person copies what is marked
      }
      if (done) copied(button);
      else tell(wording.marked);
    }
  }

  function copied(button) {
    tell(wording.copied);
    for (const other of all(".copied")) other.classList.remove("copied");
    button.classList.add("copied");
  }

  // ── posted ────────────────────────────────────────────────────────────────────────────────────

  const places = all(".where li").filter((place) => !("published" in place.dataset));
  const nameOf = (place) => {
    const { account, platform, part } = place.dataset;
    return [place.closest(".post").dataset.post, account || platform, part].join("|");
  };

  const isLink = (text) => {
    try {
      const address = new URL(text);
      return /^https?:$/.test(address.protocol) && address.hostname.includes(".");
    } catch {
      return false;
    }
  };

  function offer(place) {
    const name = nameOf(place);
    const tick = made("input", { type: "checkbox" });
    const label = made("label", { className: "tick" }, tick, made("span", {}, wording.posted));
    const link = made("input", {
      type: "url",
      inputMode: "url",
      placeholder: "https://…",
      autocomplete: "off",
    });
    const date = made("input", { type: "date", min: "2000-01-01" });
    const about = made(
      "div",
      { className: "about", hidden: true },
      made("label", {}, made("span", {}, wording.link), link),
      made("label", {}, made("span", {}, wording.on), date),
      made("p", { className: "lack" }),
    );
    place.append(label, about);
    place.fields = { tick, link, date, about };
    tick.addEventListener("change", () => {
      if (tick.checked) state.ticks[name] = { link: link.value.trim(), date: date.value || today() };
      else delete state.ticks[name];
      keep();
      if (tick.checked) link.focus();
    });
    for (const field of [link, date])
      field.addEventListener("input", () => {
        state.ticks[name] = { link: link.value.trim(), date: date.value };
        keep();
      });
  }

  function showTick(place) {
    const { tick, link, date, about } = place.fields;
    const kept = state.ticks[nameOf(place)];
    tick.checked = Boolean(kept);
    about.hidden = !kept;
    place.classList.toggle("is-posted", Boolean(kept));
    if (!kept) return;
    // While somebody writes, nothing is put in front of the cursor.
    if (document.activeElement !== link) link.value = String(kept.link ?? "");
    if (document.activeElement !== date) date.value = String(kept.date ?? "");
    about.querySelector(".lack").textContent = lack(kept);
  }

  function lack(kept) {
    if (!kept.link) return wording.noLink;
    if (!isLink(kept.link)) return wording.halfLink;
    return kept.date ? "" : wording.noDate;
  }

  // What is sent back: one line for each, so that a person can read it too.
  function file() {
    const rows = places
      .filter((place) => state.ticks[nameOf(place)])
      .map((place) => ({ place, kept: state.ticks[nameOf(place)] }));
    const whole = rows.filter(({ kept }) => !lack(kept));
    const lines = whole.map(({ place, kept }) =>
      JSON.stringify({
        post: place.closest(".post").dataset.post,
        account: place.dataset.account,
        platform: place.dataset.platform,
        part: Number(place.dataset.part),
        link: kept.link,
        date: kept.date,
      }),
    );
    const head = JSON.stringify({ campaign, member, kit }).slice(1, -1);
    const body = lines.length ? `\n  ${lines.join(",\n  ")}\n ` : "";
    return {
      text: `{"campaign-kit": 1, ${head},\n "posted": [${body}]}\n`,
      whole: whole.length,
      lacking: rows.filter(({ kept }) => lack(kept)),
    };
  }

  function show() {
    for (const place of places) showTick(place);
    for (const day of inOrder) {
      const posts = all(".post", day);
      const done = posts.filter((post) => post.querySelector(".is-posted")).length;
      day.querySelector(".done").textContent = done
        ? `✓ ${filled(wording.done, { number: done, posts: posts.length })}`
        : "";
      day.classList.toggle("all-done", posts.length > 0 && done === posts.length);
    }
    const { text, whole, lacking } = file();
    $("posted-file").value = text;
    $("posted-said").textContent = whole
      ? filled(wording.inFile, { number: whole })
      : wording.empty;
    $("posted-lacks").replaceChildren(
      ...lacking.map(({ place, kept }) => {
        const post = place.closest(".post").dataset.post;
        const where = place.querySelector("b").textContent;
        return made("li", {}, filled(wording.leftOut, { post, place: where, why: lack(kept) }));
      }),
    );
    $("kept").textContent = keeps
      ? wording.kept
      : wording.notKept;
    const ticked = whole + lacking.length;
    $("to-posted").textContent = filled(wording.ticked, { number: ticked });
    $("to-posted").hidden = !ticked;
  }

  const plain = (text) => text.replace(/[^A-Za-z0-9-]+/g, "-").slice(0, 40) || "kit";
  const fileName = () => `posted-${plain(member)}-${today()}.json`;

  function save() {
    const blob = new Blob([file().text], { type: "application/json" });
    const link = made("a", { href: URL.createObjectURL(blob), download: fileName() });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    tell(wording.saved);
  }

  // Messengers take no .json on some phones.
  const asFile = () =>
    new File([file().text], fileName().replace(/json$/, "txt"), { type: "text/plain" });

  async function share() {
    try {
      await navigator.share({ files: [asFile()] });
    } catch (error) {
      if (error.name !== "AbortError") tell(wording.notSent);
    }
  }

  // ── begin ─────────────────────────────────────────────────────────────────────────────────────

  recall();
  places.forEach(offer);
  const options = all("option", $("where")).map((option) => option.value);
  $("where").value = options.includes(state.to) ? state.to : options[0];
  $("where").addEventListener("change", () => {
    state.to = $("where").value;
    showDestination();
    keep();
  });
  $("choice").addEventListener("submit", (event) => event.preventDefault());
  for (const button of all("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
  $("save").addEventListener("click", save);
  $("share").addEventListener("click", share);
  $("share").hidden = !(navigator.canShare && navigator.canShare({ files: [asFile()] }));
  document.addEventListener("visibilitychange", showToday);
  addEventListener("storage", (event) => {
    if (event.key !== KEPT) return;
    recall();
    show();
  });
  $("choice").hidden = false;
  $("posted").hidden = false;
  showDestination();
  showToday();
  show();
})();
