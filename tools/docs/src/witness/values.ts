// The value list that an SDK has in the text of a field: its types do not hold any.

const start = String.raw`(?:<li>|(?:^|[\s。；;，,])[-*·•]\s*)\s*`;
const value = String.raw`["“'‘${"`"}]?(-?[A-Za-z0-9](?:[\w.\-/]*\w)?)["”'’${"`"}]?`;
/** "- auto: by itself", "- auto - manual". */
const item = new RegExp(`${start}${value}(?=\\s*(?:[：:=（]|-\\s|$|</li>|表示))`, "gm");
/** `FLOW_BACKUP: "013", a backup`: a name for people, then the value; not every such item stands on its own line. */
const named = /[A-Z][A-Za-z0-9_]+\s*[：:]\s*["“]([\w.-]+)["”]/g;

/** Null unless at least two values are listed, each at the start of an item. */
export function valuesInText(source: string): string[] | null {
  const text = source
    .replaceAll("&#x60;", "`")
    .replace(/<\/?(?:p|b|strong|ul|br)\s*\/?>/g, " ")
    .replace(/^\s*\n\s*\*/, " ")
    .trimEnd();
  for (const pattern of [named, item]) {
    const values = [...text.matchAll(pattern)].map(([, found]) => found as string);
    if (values.length >= 2) return [...new Set(values)];
  }
  return null;
}
