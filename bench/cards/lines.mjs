// An engine of Node as a process that lives long: a line of JSON in, a line of JSON out. It looks at
// the clock itself, right before and right after the work, so that the pipe costs nobody anything.

import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";

// The first line says what all cards share; `open` gives a function that draws one card.
export async function serve(open) {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const told = JSON.parse((await lines.next()).value);
  const engine = await open(told);
  say({ ready: true });
  for await (const line of lines) {
    const { said, to } = JSON.parse(line);
    const begin = process.hrtime.bigint();
    const bytes = await engine.draw(said);
    const ended = process.hrtime.bigint();
    if (to) writeFileSync(to, bytes);
    say({ seconds: Number(ended - begin) / 1e9, bytes: bytes.length });
  }
  await engine.close?.();
}

export function say(answer) {
  process.stdout.write(JSON.stringify(answer) + "\n");
}

export function bytesOf(faces) {
  return Object.entries(faces).map(([name, file]) => ({ name, data: readFileSync(file) }));
}

// The largest whole number from `least` to `most` that fits, as in our own fitting.py.
export async function largest(least, most, fits) {
  let [low, high] = [least, most + 1];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (await fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}
