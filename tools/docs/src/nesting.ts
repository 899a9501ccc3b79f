// Which table describes the inside of which parameter.
import type { Issue } from "./block.js";
import { bareTitle, type CaptionPlace, namedPath } from "./captions.js";
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
export function holds(field: Field): boolean {
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
        const fits = table && (leadsInside(field, table, tables) || !holds(field));
        const right = table && fits ? asCaptioned(field, table, tables, issues) : null;
        if (right) found.push(right);
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
      else if (field.type === "object" || (field.type === "array" && field.items !== "any"))
        open.push({ field, elsewhere });
    }
  }
  // "see Table 3 and Table 4": Table 4 may be the inside of something in Table 3.
  for (const { field, table } of extra) if (!nested.has(table.index)) attach(field, table);
  const named = attachByCaption(tables, open, nested, children, attach, issues);
  const left = attachLonely(tables, named, nested, attach, issues);
  for (const { field, table } of scalars) {
    if (nested.has(table.index) || table.index === field.table) continue;
    const side = tables.find(({ index }) => index === field.table)?.side;
    if (table.says === "structure" && (field.links.length > 0 || side === table.side)) {
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
    if (isPlainMap(field)) continue;
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
  freeBodies(tables, children, nested);
  return { children, nested };
}

/** Tables that only lead to each other hang from nothing: then the one that is called a body is no inside of its parts. */
function freeBodies(tables: NestTable[], children: Map<string, number[]>, nested: Set<number>): void {
  const byIndex = new Map(tables.map((table) => [table.index, table]));
  const reached = new Set<number>();
  const reach = (from: number): void => {
    const left = [from];
    for (let index = left.pop(); index !== undefined; index = left.pop()) {
      if (reached.has(index)) continue;
      reached.add(index);
      for (const field of byIndex.get(index)?.fields ?? []) left.push(...(children.get(keyOf(field)) ?? []));
    }
  };
  for (const { index } of tables) if (!nested.has(index)) reach(index);
  for (const { index, says } of tables) {
    if (reached.has(index) || (says !== "response" && says !== "body")) continue;
    nested.delete(index);
    reach(index);
  }
}

/**
 * A number may mean a table of the page the text was copied from: only a structure may stand anywhere, a table without
 * a name must come later in the same part of the page, and one of path parameters is no inside.
 */
function leadsInside(field: Field, table: NestTable, tables: NestTable[]): boolean {
  if (table.says === "structure") return true;
  const side = tables.find(({ index }) => index === field.table)?.side;
  return (
    (table.says === "generic" || table.says === "body" || table.says === "response") &&
    table.side === side &&
    table.index > field.table
  );
}

/** Captions that are the name of a structure: "Table 4 BackupPlan". */
function structureNames(tables: NestTable[]): Map<string, NestTable> {
  const names = new Map<string, NestTable>();
  for (const table of tables) {
    if (table.says !== "structure") continue;
    const name = bareTitle(table.caption).toLowerCase();
    if (!names.has(name)) names.set(name, table);
  }
  return names;
}

/** A page may describe a structure of the same name twice, once for the request and once for the response. */
function sameSide(named: NestTable, tables: NestTable[], field: Field): NestTable {
  const side = tables.find((table) => table.index === field.table)?.side;
  if (!side || named.side === side) return named;
  const name = bareTitle(named.caption);
  return (
    tables.find((table) => table.side === side && table.says === "structure" && table.caption.endsWith(name)) ?? named
  );
}

/**
 * A number that leads to the table of another field, by its title, is wrong: the table that is titled with this one is
 * right, if there is one, and otherwise the table of that number on another page is meant.
 */
function asCaptioned(field: Field, numbered: NestTable, tables: NestTable[], issues: Issue[]): NestTable | null {
  const names = (table: NestTable): boolean =>
    table.says === "structure" && bareTitle(table.caption).split(" ")[0] === field.name;
  const title = bareTitle(numbered.caption);
  if (!holds(field) || numbered.says !== "structure" || title.includes(field.name)) return numbered;
  if (field.structure !== null && title.includes(field.structure)) return numbered;
  const words = new Set(title.split(/[^\w.-]+/));
  const right = tables.find((other) => names(other) && other.side === numbered.side);
  const other = tables.some((table) =>
    table.fields.some((one) => one !== field && words.has(one.name) && holds(one) && one.type !== null),
  );
  if (!right && !other) return numbered;
  issues.push({
    code: "reference_contradicts_caption",
    line: field.line,
    message: right
      ? `"${field.name}" refers to "${numbered.caption}", but "${right.caption}" describes it`
      : `"${field.name}" refers to "${numbered.caption}", which describes another field`,
    table: field.table,
    row: field.row,
    quote: numbered.caption,
  });
  return right ?? null;
}

interface Open {
  field: Field;
  elsewhere: boolean;
}

/**
 * "Table 3 source field data structure description" belongs to the object called source, "Parameters in the tag field"
 * to the one whose text says so, "endpoints.links" to the links of the endpoints. Returns the fields that stay without
 * an inside.
 */
function attachByCaption(
  tables: NestTable[],
  open: Open[],
  nested: Set<number>,
  children: Map<string, number[]>,
  attach: (field: Field, table: NestTable) => void,
  issues: Issue[],
): Open[] {
  const taken = new Set<Field>();
  const sideOf = new Map(tables.map((table) => [table.index, table.side]));
  for (const table of tables) {
    if (table.says !== "structure" || nested.has(table.index)) continue;
    const fits = open.filter(({ field }) => {
      if (taken.has(field) || field.table === table.index) return false;
      const side = sideOf.get(field.table);
      return !side || !table.side || side === table.side;
    });
    const worded = byWords(table, fits);
    const chosen = byPath(table, fits, tables, children) ?? worded.at(-1);
    if (chosen && chosen === worded.at(-1) && worded.some((field) => field.table !== chosen.table))
      issues.push({
        code: "nesting_inferred",
        line: table.line,
        message: `several fields fit this title; the nearest, "${chosen.name}", is taken`,
        table: table.index,
        quote: table.caption,
      });
    const shared = sharing(table, chosen, tables, open);
    for (const field of shared) {
      taken.add(field);
      attach(field, table);
    }
  }
  return open.filter(({ field }) => !taken.has(field));
}

/** All that a title names: "the primaryNic/extNics field" are two, "the Volume field" is everything of type Volume. */
function sharing(table: NestTable, chosen: Field | undefined, tables: NestTable[], open: Open[]): Field[] {
  const title = bareTitle(table.caption);
  const pair: string[] = /(?:^|[^\w/])([\w.-]+)\/([\w.-]+)(?![\w/])/.exec(title)?.slice(1) ?? [];
  if (chosen && pair.includes(chosen.name))
    return open
      .filter(({ field }) => field.table === chosen.table && pair.includes(field.name))
      .map(({ field }) => field);
  const structure = chosen?.structure;
  const named =
    structure && new RegExp(`^(?:data )?structure of (?:the )?${structure}\\b|^${structure}$`, "i").test(title);
  if (!chosen || !named) return chosen ? [chosen] : [];
  const twins = tables.filter((other) => other !== table && bareTitle(other.caption) === title);
  return open
    .map(({ field }) => field)
    .filter((field) => field.structure === structure && (!twins.length || field === chosen));
}

/** The field whose whole path is the title, or else the last one whose path ends with it. */
function byPath(
  table: NestTable,
  open: Open[],
  tables: NestTable[],
  children: Map<string, number[]>,
): Field | undefined {
  const names = namedPath(table.caption);
  const last = names?.at(-1);
  const fits = open.filter(({ field }) => field.name === last);
  if (!names || !fits.length) return undefined;
  const owners = ownersOf(tables, children);
  const title = names.join(".");
  const paths = fits.map(({ field }) => ({ field, path: pathOf(field, owners) }));
  const before = paths.filter(({ field }) => field.table < table.index);
  const ends = ({ path }: { path: string }): boolean => path.endsWith(`.${title}`);
  return (paths.find(({ path }) => path === title) ?? before.findLast(ends) ?? paths.find(ends))?.field;
}

function ownersOf(tables: NestTable[], children: Map<string, number[]>): Map<number, Field> {
  const owners = new Map<number, Field>();
  for (const { fields } of tables)
    for (const field of fields)
      for (const index of children.get(keyOf(field)) ?? []) if (!owners.has(index)) owners.set(index, field);
  return owners;
}

function pathOf(field: Field, owners: Map<number, Field>): string {
  const names = [field.name];
  for (let owner = owners.get(field.table); owner && names.length < 20; owner = owners.get(owner.table))
    names.unshift(owner.name);
  return names.join(".");
}

/** The fields that are named in the title, or whose description names the title; the likeliest last. */
function byWords(table: NestTable, open: Open[]): Field[] {
  const title = bareTitle(table.caption);
  if (namedPath(title)?.[1]) return [];
  const words = new Set(title.split(/[^\w.-]+/).filter(Boolean));
  const lower = new Set([...words].map((word) => word.toLowerCase()));
  const fits = open.filter(
    ({ field }) =>
      lower.has(field.name.toLowerCase()) ||
      (field.structure !== null && words.has(field.structure)) ||
      (title.length > 10 && field.description.includes(title)),
  );
  const exact = fits.filter(({ field }) => words.has(field.name));
  const best = exact.length ? exact : fits;
  const before = best.filter(({ field }) => field.table < table.index);
  return (before.length ? before : best.slice(0, 1)).map(({ field }) => field);
}

/** One object without an inside, and right after its table one structure without an owner: they belong together. */
function attachLonely(
  tables: NestTable[],
  open: Open[],
  nested: Set<number>,
  attach: (field: Field, table: NestTable) => void,
  issues: Issue[],
): Open[] {
  const taken = new Set<Field>();
  tables.forEach((table, i) => {
    const before = tables[i - 1];
    // The caption must be the bare name of a structure; "links parameters" belongs to something called links.
    if (
      !before ||
      !/^[A-Z]\w*$/.test(bareTitle(table.caption)) ||
      table.says !== "structure" ||
      nested.has(table.index) ||
      before.side !== table.side
    )
      return;
    const candidates = open.filter(
      ({ field, elsewhere }) => field.table === before.index && !elsewhere && !isPlainMap(field),
    );
    const [only] = candidates;
    if (candidates.length !== 1 || !only || taken.has(only.field)) return;
    taken.add(only.field);
    attach(only.field, table);
    issues.push({
      code: "nesting_inferred",
      line: table.line,
      message: `nothing says so, but this can only be the inside of "${only.field.name}"`,
      table: table.index,
      quote: table.caption,
    });
  });
  return open.filter(({ field }) => !taken.has(field));
}
