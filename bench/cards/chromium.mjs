// Chromium, with one page that stays open: its style and its letters stand there once, each card only
// fills in texts. The size is found by halving in the page, where asking for a height lays it out
// anew. The picture comes through DevTools directly, since puppeteer's own `screenshot` asks the
// page half a dozen things around it.

import { readFileSync } from "node:fs";
import { card, room } from "./document.mjs";
import { serve } from "./lines.mjs";

const engines = process.env.CARD_ENGINES;
const { default: puppeteer } = await import(
  `${engines}/chromium/node_modules/puppeteer-core/lib/esm/puppeteer/puppeteer-core.js`
);
const MODES = ["--disable-gpu", "--hide-scrollbars", "--force-color-profile=srgb"];
// As root, which containers like to be, its sandbox does not start; it sees nothing but our page.
const SANDBOX = process.getuid?.() === 0 ? ["--no-sandbox"] : [];

const make = {
  box: (style, children) => `<div style="${css(style)}">${children.join("")}</div>`,
  text: (style, text) => `<div style="${css(style)}" data-slot="${text}"></div>`,
  image: (src, style) => `<img src="${src}" style="${css(style)}">`,
};
const NUMBERS = new Set(["lineHeight"]);

function css(style) {
  return Object.entries(style)
    .map(([key, value]) => [key, typeof value === "number" && !NUMBERS.has(key) ? `${value}px` : value])
    .map(([key, value]) => `${key.replace(/[A-Z]/g, (big) => `-${big.toLowerCase()}`)}:${value}`)
    .join(";");
}

function dataAddress(kind, file) {
  return `data:${kind};base64,${readFileSync(file).toString("base64")}`;
}

function html(look, faces, logo) {
  const fonts = Object.entries(faces).map(
    ([name, file]) => `@font-face{font-family:${name};src:url(${dataAddress("font/ttf", file)})}`,
  );
  const slots = Object.fromEntries(SLOTS.map((slot) => [slot, slot]));
  const body = card(make, look, { ...slots, day: 0 }, dataAddress("image/png", logo), look.least);
  return `<!doctype html><meta charset="utf-8"><style>${fonts.join("")}
    body{margin:0} body>div{overflow:hidden} [data-slot]{flex:none}</style>${body}`;
}

const SLOTS = ["kicker", "words", "speaker", "role", "source"];

// Runs in the page. Looks the elements up once.
function prepare(look) {
  const slots = {};
  for (const element of document.querySelectorAll("[data-slot]")) {
    slots[element.dataset.slot] = element;
    element.textContent = element.dataset.slot; // the brand's texts name themselves
  }
  window.slots = slots;
  window.marks = [...document.body.firstElementChild.children].slice(0, 16);
  window.look = look;
  return document.fonts.ready.then(() => true);
}

// Runs in the page, for each card.
function fill(said, space) {
  const { slots, marks, look } = window;
  const [, , , , low, high] = look.row;
  const [gone, today, ahead] = look.row_colours;
  for (const slot of ["kicker", "words", "speaker", "role", "source"]) {
    slots[slot].textContent = said[slot];
  }
  marks.forEach((mark, number) => {
    const now = number + 1 === said.day;
    mark.style.height = `${now ? high : low}px`;
    mark.style.backgroundColor = now ? today : number + 1 < said.day ? gone : ahead;
  });
  const free = space - slots.source.parentElement.offsetHeight;
  let [least, most] = [look.least, look.most + 1];
  while (most - least > 1) {
    const middle = Math.floor((least + most) / 2);
    slots.words.style.fontSize = `${middle}px`;
    if (slots.words.offsetHeight <= free) least = middle;
    else most = middle;
  }
  slots.words.style.fontSize = `${least}px`;
}

async function open({ look, faces, logo }) {
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: [...MODES, ...SANDBOX],
    defaultViewport: { width: look.width, height: look.height },
  });
  const [page] = await browser.pages();
  await page.setContent(html(look, faces, logo));
  await page.evaluate(prepare, look);
  const tools = await page.createCDPSession();
  const options = { format: "jpeg", quality: look.quality, optimizeForSpeed: true };

  async function draw(said) {
    await page.evaluate(fill, said, room(look, 0));
    const { data } = await tools.send("Page.captureScreenshot", options);
    return Buffer.from(data, "base64");
  }
  return { draw, close: () => browser.close() };
}

await serve(open);
