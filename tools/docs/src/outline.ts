// The headings and the running text of a page.
import type { Block } from "./block.js";
import type { Heading, Prose } from "./model.js";
import type { Walk } from "./walk.js";

const most = 5000;
const longest = 2000;

export function headingsOf(blocks: Block[]): Heading[] {
  const headings: Heading[] = [];
  blocks.slice(0, 100_000).forEach((block, i) => {
    if (block.kind !== "heading" || headings.length >= most) return;
    const next = blocks[i + 1];
    headings.push({
      text: block.text,
      line: block.line,
      // "Request" followed by "Request parameters": flattened pages have one level for both.
      empty:
        next === undefined ||
        (next.kind === "heading" &&
          next.level <= block.level &&
          !next.text.toLowerCase().includes(block.text.toLowerCase())),
    });
  });
  return headings;
}

export function proseOf(walk: Walk): Prose[] {
  const prose: Prose[] = [];
  for (const spot of walk.placed) {
    if (spot.kind !== "text") continue;
    if (prose.length >= most) break;
    prose.push({ text: spot.text.slice(0, longest), line: spot.line, heading: spot.heading, section: spot.section });
  }
  return prose;
}
