// Shows of the list of posts what somebody looks for. What is looked for stands in the address, behind
// its #, so that it can be kept as a bookmark and passed on. Nothing is asked of anybody.
"use strict";
(() => {
  // What a row says, and what each of its accounts says.
  const OF_ROWS = ["member", "language", "state", "approval"];
  const OF_ACCOUNTS = ["platform", "alt"];
  const form = () => document.getElementById("filters");
  const folded = new WeakMap();

  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  // ── the address ───────────────────────────────────────────────────────────────────────────────

  // A fragment without "=" is a place on the page, and looks for nothing.
  const wanted = () => new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");

  function fragment(values) {
    const said = new URLSearchParams([...values].filter(([, value]) => value.trim()));
    return said.size ? `#${said}` : "";
  }

  function keep(values, replacing) {
    const address = location.pathname + location.search + fragment(values);
    if (replacing) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
  }

  // ── the form ──────────────────────────────────────────────────────────────────────────────────

  function fill(values) {
    for (const field of form().elements) {
      if (!field.name) continue;
      const value = values.get(field.name) ?? "";
      if (field.options) offer(field, value);
      // While somebody writes, nothing is put in front of the cursor.
      if (field.value !== value) field.value = value;
    }
  }

  // An address may ask for what no post has (any more): it is said, and not left away.
  function offer(field, value) {
    field.querySelector("[data-unknown]")?.remove();
    if ([...field.options].some((option) => option.value === value)) return;
    const option = new Option(value, value);
    option.dataset.unknown = "";
    field.add(option);
  }

  // ── the list ──────────────────────────────────────────────────────────────────────────────────

  const agrees = (element, names, values) =>
    names.every((name) => !values.get(name) || element.dataset[name] === values.get(name));

  function says(row, words) {
    if (!words.length) return true;
    const text = row.dataset.text;
    if (folded.get(row)?.text !== text) folded.set(row, { text, said: fold(text) });
    return words.every((word) => folded.get(row).said.includes(word));
  }

  function filter(values) {
    const words = fold(values.get("text") ?? "").split(/\s+/).filter(Boolean);
    const askedOfAccounts = OF_ACCOUNTS.some((name) => values.get(name));
    const found = { all: 0, shown: 0, accounts: 0, undescribed: 0, days: new Map() };
    for (const row of document.querySelectorAll("#posts .entry")) {
      const accounts = [...row.querySelectorAll("[data-platform]")];
      const chosen = accounts.filter((account) => agrees(account, OF_ACCOUNTS, values));
      accounts.forEach((account) => (account.hidden = !chosen.includes(account)));
      const onAnyDay =
        agrees(row, OF_ROWS, values) &&
        (chosen.length > 0 || !askedOfAccounts) &&
        says(row, words);
      row.hidden = !onAnyDay || !agrees(row, ["day"], values);
      found.all += 1;
      // The calendar counts what choosing another day would show.
      if (onAnyDay) found.days.set(row.dataset.day, (found.days.get(row.dataset.day) ?? 0) + 1);
      if (row.hidden) continue;
      found.shown += 1;
      found.accounts += chosen.length;
      found.undescribed += chosen.filter((account) => account.dataset.alt === "not").length;
    }
    return found;
  }

  function headings(found, values) {
    const filtered = fragment(values) !== "";
    for (const body of document.querySelectorAll("#posts .of-day")) {
      body.hidden = filtered && !body.querySelector(".entry:not([hidden])");
    }
    for (const link of document.querySelectorAll(".weeks [data-day]")) {
      const { day } = link.dataset;
      const chosen = values.get("day") === day;
      const then = new URLSearchParams(values);
      if (chosen) then.delete("day");
      else then.set("day", day);
      link.setAttribute("href", fragment(then) || "#posts");
      link.querySelector("[data-count]").textContent = found.days.get(day) ?? 0;
      link.classList.toggle("none", !found.days.get(day));
      if (chosen) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  function tell(found) {
    const status = document.getElementById("found");
    const said = (name) =>
      status.dataset[name].replace(/\{(\w+)\}/g, (_, key) => found[key].toLocaleString(document.documentElement.lang));
    const sentences = [said(!found.shown ? "none" : found.shown < found.all ? "some" : "all")];
    if (found.shown && found.undescribed) sentences.push(said("undescribed"));
    const text = sentences.join(" ");
    // What is said already is not read out a second time.
    if (status.textContent !== text) status.textContent = text;
  }

  function show() {
    const values = wanted();
    form().hidden = false;
    fill(values);
    const found = filter(values);
    headings(found, values);
    tell(found);
  }

  function chosen(replacing) {
    keep(new FormData(form()), replacing);
    show();
  }

  document.addEventListener("change", (change) => {
    if (change.target.closest?.("#filters") && change.target.name !== "text") chosen(false);
  });
  document.addEventListener("input", (input) => {
    if (input.target.id === "filter-text") chosen(true);
  });
  document.addEventListener("submit", (submit) => submit.preventDefault());
  document.addEventListener("reset", (reset) => {
    reset.preventDefault();
    keep([], false);
    show();
  });
  addEventListener("popstate", show);
  addEventListener("hashchange", show);
  document.addEventListener("campaign:changed", show);
  show();
})();
