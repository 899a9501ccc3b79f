// Which dialect a page is written in, told from its content: names and folders say nothing reliable.
import type { Dialect } from "./model.js";

const signs: [Dialect, RegExp, number][] = [
  ["html", /<(?:table|tbody|td|th|tr|html|body|!doctype)\b/i, 5],
  ["html", /^<(?:!doctype|html|head|body|div|h[1-6]|p|a)\b/i, 4],
  ["rst", /^\.\. [\w-]+::/m, 4],
  ["rst", /^\.\. _[^:\n]+:$/m, 4],
  ["rst", /^ *\+[-=]{3}[-=+]*$/m, 4],
  ["rst", /^ *={3,}(?: +={3,})+ *$/m, 3],
  ["rst", /^={3,}$/m, 2],
  ["rst", /^(?:-{3,}|~{3,})$/m, 1],
  ["rst", /:ref:`/, 3],
  ["tencent-markdown", /^#{1,6} \S/m, 3],
  ["tencent-markdown", /^ {0,3}\|?(?: *:?-{3,}:? *\|)+ *(?::?-{3,}:?)? *$/m, 4],
  ["tencent-markdown", /^```/m, 2],
  ["help-centre", /^Help Center\s*\//m, 6],
  ["help-centre", /^ {0,3}Updated on \d{4}-\d\d-\d\d/m, 4],
  ["help-centre", /^ *Table \d+\b[^\n.]*\n *\n *\S[^\n]{0,40}\n *\n *\S[^\n]{0,40}$/m, 4],
  ["help-centre", /^ *• {1,3}\S/m, 2],
  ["help-centre", /^ *(?:Parameter|Name|Status Code|Error Code)\n *\n *(?:Type|Mandatory|Description)$/m, 4],
  ["help-centre", /^URI *\n *\n/m, 2],
];

/** The head of a page tells its dialect; a page that shows nothing there shows nothing at all. */
const head = 200_000;

export function detect(source: string): Dialect | null {
  const text = source.slice(0, head).trimStart();
  const scores = new Map<Dialect, number>();
  for (const [dialect, sign, weight] of signs)
    if (sign.test(text)) scores.set(dialect, (scores.get(dialect) ?? 0) + weight);
  // Tables in HTML inside Markdown are Markdown; RST and Markdown never open with a tag.
  if (/^#{1,6} /m.test(text) && !text.startsWith("<")) scores.delete("html");
  let best: Dialect | null = null;
  for (const [dialect, score] of scores)
    if (score >= 3 && (best === null || score > (scores.get(best) ?? 0))) best = dialect;
  return best;
}
