// Hosts that take us for an attacker answer 200 with a page of their own: that page is not the one we asked for.

const signs: [RegExp, string][] = [
  [/\b(?:enable|turn on|activate|requires?|needs?)\s+(?:your\s+)?javascript\b/i, "it asks for JavaScript"],
  [/\bjavascript (?:is|must be) (?:disabled|required|enabled)\b/i, "it asks for JavaScript"],
  [
    /\b(?:captcha|are you (?:a )?(?:human|robot)|verify (?:that )?you are (?:a )?human|not a robot)\b/i,
    "it asks for a human",
  ],
  [/\b(?:checking your browser|just a moment|attention required)\b/i, "it checks the browser"],
  [
    /\b(?:access denied|request (?:was )?(?:blocked|rejected)|unusual traffic|automated (?:access|requests))\b/i,
    "it denies access",
  ],
];

/** Longer texts are pages that only mention such things, as a footer may. */
const longest = 3000;

/** Why the page is a wall; null where it is none. */
export function wallOf(html: string): string | null {
  const text = html
    .slice(0, 500_000)
    .replace(/<(script|style)\b[\s\S]*?<\/\1\s*>/gi, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");
  if (text.length > longest || /<t[dh]\b/i.test(html)) return null;
  return signs.find(([sign]) => sign.test(text))?.[1] ?? null;
}
