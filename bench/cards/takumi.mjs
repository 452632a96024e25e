// takumi writes JPEG itself, in 4:4:4 only; with --sharp it gives its raw pixels to sharp instead, the
// fastest encoder that npm has for 4:2:0, which its pages leave open and do not recommend.
//
// As its page on performance asks for: one renderer for all cards, with its fonts registered once;
// TrueType, which needs no decompression; the logo's decoded pixels stay in the renderer's cache.
// The size is found by halving with `measure`, which lays out and draws nothing; its `text-fit` makes
// lines as wide as their box, and knows no height.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { card, room, speaker, words } from "./document.mjs";
import { bytesOf, largest, serve } from "./lines.mjs";

const engines = process.env.CARD_ENGINES;
const { Renderer } = await import(`${engines}/takumi/node_modules/@takumi-rs/core/dist/export.mjs`);
const raw = process.argv.includes("--sharp");
const sharp = raw && createRequire(import.meta.url)(`${engines}/sharp/node_modules/sharp`);

const make = {
  box: (style, children) => ({ type: "container", style, children }),
  text: (style, text) => ({ type: "text", style, text }),
  image: (src, style) => ({ type: "image", src, style }),
};

async function open({ look, faces, logo }) {
  const renderer = new Renderer();
  for (const face of bytesOf(faces)) await renderer.registerFont(face);
  const images = [{ src: "logo", data: readFileSync(logo) }];
  const { width, height, quality } = look;
  const options = { width, height, format: raw ? "raw" : "jpeg", quality, images };

  const tall = async (node) => (await renderer.measure(node)).height;

  async function draw(said) {
    const space = room(look, await tall(speaker(make, look, said)));
    const fits = async (size) => (await tall(words(make, look, said, size))) <= space;
    const size = await largest(look.least, look.most, fits);
    const drawn = await renderer.render(card(make, look, said, "logo", size), options);
    return raw ? encoded(drawn, look) : drawn;
  }
  return { draw };
}

function encoded(pixels, { width, height, quality }) {
  return sharp(pixels, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .jpeg({ quality, chromaSubsampling: "4:2:0", optimiseCoding: false })
    .toBuffer();
}

await serve(open);
