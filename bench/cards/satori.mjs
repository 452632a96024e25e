// satori lays out and writes SVG, resvg-js makes a PNG of it. The fonts are the same objects each
// time, by which satori knows those that it has parsed; its letters come as paths, so that resvg
// needs no fonts, and `loadSystemFonts: false`, as its page says, is faster. The size is found by
// halving: satori has no way to measure but to lay out without a height and to read how high the
// SVG became; `embedFont: false` spares it the paths there.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { card, room, speaker, words } from "./document.mjs";
import { bytesOf, largest, serve } from "./lines.mjs";

const engines = process.env.CARD_ENGINES;
const { default: satori } = await import(`${engines}/satori/node_modules/satori/dist/index.js`);
const { Resvg } = createRequire(import.meta.url)(`${engines}/satori/node_modules/@resvg/resvg-js`);

const node = (type, style, props) => ({ type, props: { style, ...props } });
const make = {
  box: (style, children) => node("div", { display: "flex", ...style }, { children }),
  text: (style, text) => node("div", style, { children: text }),
  image: (src, style) => node("img", style, { src, width: style.width, height: style.height }),
};

async function open({ look, faces, logo }) {
  const fonts = bytesOf(faces).map((face) => ({ ...face, weight: 400, style: "normal" }));
  const src = `data:image/png;base64,${readFileSync(logo).toString("base64")}`;
  const { width, height, measure } = look;

  async function tall(element) {
    const svg = await satori(element, { width: measure, fonts, embedFont: false });
    return Number(/height="([\d.]+)"/.exec(svg)[1]);
  }

  async function draw(said) {
    const space = room(look, await tall(speaker(make, look, said)));
    const fits = async (size) => (await tall(words(make, look, said, size))) <= space;
    const size = await largest(look.least, look.most, fits);
    const svg = await satori(card(make, look, said, src, size), { width, height, fonts });
    return new Resvg(svg, { font: { loadSystemFonts: false } }).render().asPng();
  }
  return { draw };
}

await serve(open);
