// The value list that an SDK has in the text of a field: its types do not hold any.

const item =
  /(?:<li>|(?:^|[\s。；;，,])[-*·•]\s*)\s*["“'‘`]?(-?[A-Za-z0-9][\w.\-/]*)["”'’`]?\s*(?:[：:=]|\s-\s|（|<\/li>|表示)/g;

/** Null unless at least two values are listed, each at the start of an item. */
export function valuesInText(source: string): string[] | null {
  const text = source
    .replaceAll("&#x60;", "`")
    .replace(/<\/?(?:p|b|strong|ul|br)\s*\/?>/g, " ")
    .replace(/^\s*\*/, " ");
  const values = [...text.matchAll(item)].map(([, value]) => value as string);
  return values.length >= 2 ? [...new Set(values)] : null;
}
