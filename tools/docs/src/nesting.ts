// Which table describes the inside of which parameter.
import type { Issue } from "./block.js";
import type { Field } from "./fields.js";

export interface NestTable {
  index: number;
  caption: string;
  anchors: string[];
  fields: Field[];
  line: number;
  /** What the caption says of the place; "structure" if it names a thing rather than a place. */
  says: CaptionPlace;
  /** Fields of a request and of a response never describe each other. */
  side: "request" | "response" | null;
}

export type CaptionPlace = "header" | "query" | "path" | "uri" | "body" | "response" | "generic" | "structure";

export function captionPlace(caption: string): CaptionPlace {
  const text = caption.replace(/^Table \d+(?:[-.]\d+)?[:.]?\s*/i, "").trim();
  const lower = text.toLowerCase().replace(/\s*\(.*\)$/, "");
  if (!lower) return "generic";
  const place =
    /^(?:parameters? in (?:the )?)?(?:(?:http )?(?:request|response|common|public|mandatory|optional|required)\s+)*(?:(?:request|response) )?(header|query|path|uri|url|body|request|response|input|output)(?:[ -]?(?:parameters?|fields?|elements?|headers?|body|message|string|descriptions?|params?))*(?: (?:parameters?|fields?|elements?|descriptions?|list))*(?: \(.*\))?$/.exec(
      lower,
    )?.[1];
  if (place) {
    if (/\bheaders?\b/.test(lower)) return /\bresponse\b/.test(lower) ? "response" : "header";
    if (/\b(?:response|output)\b/.test(lower)) return "response";
    if (/\bquery\b/.test(lower)) return "query";
    if (/\bpath\b/.test(lower)) return "path";
    if (/\bur[il]\b/.test(lower)) return "uri";
    return "body";
  }
  if (/\bparameters? in the (?:url|uri|path|query)/.test(lower))
    return /query/.test(lower) ? "query" : /path/.test(lower) ? "path" : "uri";
  if (/\b(?:request|response) header\b/.test(lower)) return /response/.test(lower) ? "response" : "header";
  if (
    /^(?:parameters?(?: descriptions?| list)?|descriptions? of (?:the )?(?:request |response )?parameters?|(?:request|response|input|output)? ?parameters?(?: descriptions?)?|description|parameter information|field descriptions?|elements?|attributes?)$/.test(
      lower,
    )
  )
    return "generic";
  if (/^parameters? (?:for|used (?:for|to|in)|required (?:for|to))\b/.test(lower)) return "generic";
  return "structure";
}

export interface Nesting {
  /** By "table:row", the tables that describe the inside. */
  children: Map<string, number[]>;
  /** Tables that have a parent. */
  nested: Set<number>;
}

const keyOf = (field: Field): string => `${field.table}:${field.row}`;

/** A map of plain values has no inside to describe. */
function isPlainMap(field: Field): boolean {
  return /^(?:array of |list<)?map\s*<\s*\w+\s*,\s*(?:string|integer|int|long|boolean|object)\s*>/i.test(
    field.typeText ?? "",
  );
}

/** Whether the type leaves room for an inside. */
function holds(field: Field): boolean {
  if (field.type === "array")
    return field.items === null || field.items === "object" || field.items === "array" || field.items === "any";
  return field.type === "object" || field.type === "any" || field.type === null;
}

export function nest(tables: NestTable[], issues: Issue[]): Nesting {
  const children = new Map<string, number[]>();
  const nested = new Set<number>();
  const byAnchor = new Map<string, NestTable>();
  const byNumber = new Map<string, NestTable>();
  for (const table of tables) {
    for (const anchor of table.anchors) byAnchor.set(anchor.toLowerCase(), table);
    const number = /^Table (\d+(?:[-.]\d+)?)/i.exec(table.caption)?.[1];
    if (number && !byNumber.has(number)) byNumber.set(number, table);
  }
  const byName = structureNames(tables);
  const attach = (field: Field, table: NestTable): void => {
    const list = children.get(keyOf(field)) ?? [];
    if (!list.includes(table.index)) children.set(keyOf(field), [...list, table.index]);
    nested.add(table.index);
  };
  const referred = (field: Field): { tables: NestTable[]; elsewhere: boolean } => {
    const found: NestTable[] = [];
    let elsewhere = false;
    for (const link of field.links) {
      const table =
        byAnchor.get(link.target.toLowerCase()) ??
        byAnchor.get(link.target.slice(link.target.indexOf("#")).toLowerCase());
      if (table) found.push(table);
      else elsewhere = true;
    }
    if (!field.links.length) {
      for (const match of `${field.typeText ?? ""} ${field.description}`
        .slice(0, 4000)
        .matchAll(/\bTable (\d+(?:-\d+)?)\b/g)) {
        const table = byNumber.get(match[1] as string);
        if (table) found.push(table);
        else elsewhere = true;
      }
    }
    const named = field.structure ? byName.get(field.structure.toLowerCase()) : undefined;
    if (named && !found.length) found.push(sameSide(named, tables, field));
    return { tables: [...new Set(found)], elsewhere };
  };
  const open: { field: Field; elsewhere: boolean }[] = [];
  const extra: { field: Field; table: NestTable }[] = [];
  const scalars: { field: Field; table: NestTable }[] = [];
  for (const table of tables) {
    for (const field of table.fields) {
      const { tables: found, elsewhere } = referred(field);
      const [first, ...more] = found;
      if (!holds(field)) {
        if (first) scalars.push({ field, table: first });
      } else if (first && field.type !== null) {
        attach(field, first);
        for (const other of more) extra.push({ field, table: other });
      } else if (first && first.says === "structure" && first.index !== table.index) attach(field, first);
      else if (isPlainMap(field)) continue;
      else if (field.type === "object" || (field.type === "array" && field.items !== "any"))
        open.push({ field, elsewhere });
    }
  }
  // "see Table 3 and Table 4": Table 4 may be the inside of something in Table 3.
  for (const { field, table } of extra) if (!nested.has(table.index)) attach(field, table);
  const left = attachByCaption(tables, open, nested, attach);
  for (const { field, table } of scalars) {
    if (nested.has(table.index) || table.index === field.table) continue;
    if (table.says === "structure") {
      attach(field, table);
      issues.push({
        code: "nested_under_scalar",
        line: field.line,
        message: `"${field.name}" is no object by its type, but its text refers to a structure`,
        table: field.table,
        row: field.row,
        quote: field.typeText ?? "",
      });
    } else
      issues.push({
        code: "reference_to_other_place",
        line: field.line,
        message: `"${field.name}" refers to "${table.caption}", which describes no structure`,
        table: field.table,
        row: field.row,
        quote: table.caption,
      });
  }
  for (const { field, elsewhere } of left) {
    if (
      field.type === "array" &&
      field.items === null &&
      field.structure === null &&
      !/object|struct|table/i.test(`${field.typeText} ${field.description}`)
    )
      continue;
    const where = elsewhere || field.links.length > 0;
    issues.push({
      code: where ? "structure_elsewhere" : "nested_table_not_found",
      line: field.line,
      message: where
        ? `the inside of "${field.name}" is described on another page`
        : `the page does not describe the inside of "${field.name}"`,
      table: field.table,
      row: field.row,
      quote: field.typeText ?? "",
    });
  }
  return { children, nested };
}

/** Captions that are the name of a structure: "Table 4 BackupPlan". */
function structureNames(tables: NestTable[]): Map<string, NestTable> {
  const names = new Map<string, NestTable>();
  for (const table of tables) {
    if (table.says !== "structure") continue;
    const name = table.caption
      .replace(/^Table \d+(?:[-.]\d+)?[:.]?\s*/i, "")
      .trim()
      .toLowerCase();
    if (!names.has(name)) names.set(name, table);
  }
  return names;
}

/** A page may describe a structure of the same name twice, once for the request and once for the response. */
function sameSide(named: NestTable, tables: NestTable[], field: Field): NestTable {
  const side = tables.find((table) => table.index === field.table)?.side;
  if (!side || named.side === side) return named;
  const name = named.caption.replace(/^Table \d+(?:[-.]\d+)?[:.]?\s*/i, "");
  return (
    tables.find((table) => table.side === side && table.says === "structure" && table.caption.endsWith(name)) ?? named
  );
}

/** "Table 3 source field data structure description" belongs to the object called source. Returns what stays without. */
function attachByCaption(
  tables: NestTable[],
  open: { field: Field; elsewhere: boolean }[],
  nested: Set<number>,
  attach: (field: Field, table: NestTable) => void,
): { field: Field; elsewhere: boolean }[] {
  const taken = new Set<Field>();
  for (const table of tables) {
    if (table.says !== "structure" || nested.has(table.index)) continue;
    const words = new Set(
      table.caption
        .replace(/^Table \d+(?:[-.]\d+)?[:.]?\s*/i, "")
        .split(/[^\w.-]+/)
        .filter(Boolean),
    );
    const lower = new Set([...words].map((word) => word.toLowerCase()));
    const fits = open.filter(({ field }) => {
      if (taken.has(field) || field.table === table.index) return false;
      const side = tables.find((other) => other.index === field.table)?.side;
      return (
        (side === table.side || !side || !table.side) && (words.has(field.name) || lower.has(field.name.toLowerCase()))
      );
    });
    const best = fits.filter(({ field }) => words.has(field.name));
    const before = (best.length ? best : fits).filter(({ field }) => field.table < table.index);
    const chosen = before[before.length - 1] ?? (best.length ? best : fits)[0];
    if (!chosen) continue;
    taken.add(chosen.field);
    attach(chosen.field, table);
  }
  return open.filter(({ field }) => !taken.has(field));
}
