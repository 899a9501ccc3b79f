// From parameter tables to parameters: where each goes, under which path, and which rows could not be placed.
import type { Grid, Issue } from "./block.js";
import { type CaptionPlace, captionPlace, namedPath } from "./captions.js";
import { readConditions } from "./conditions.js";
import type { Field } from "./fields.js";
import type { Operation, Parameter, Place, Structure } from "./model.js";
import { holds, type NestTable, nest } from "./nesting.js";
import type { Placed } from "./walk.js";

export interface FieldTable {
  index: number;
  grid: Grid;
  spot: Placed;
  fields: Field[];
}

export interface Placement {
  parameters: Parameter[];
  structures: Structure[];
  /** Tables that are the inside of a parameter. */
  nested: Set<number>;
  /** Tables no place was found for, and why. */
  orphans: Map<number, string>;
}

const deepest = 12;
const most = 20_000;

const headerName =
  /^(?:x-[\w-]+|content-(?:type|length|md5|encoding)|authorization|host|accept(?:-[\w-]+)?|user-agent|date|if-[\w-]+|cache-control|location|etag)$/i;

export function placeParameters(
  tables: FieldTable[],
  operation: Operation,
  success: number | null,
  isOperation: boolean,
  issues: Issue[],
): Placement {
  const names = new Set(tables.flatMap((table) => table.fields.map((field) => field.name)));
  const owners = new Set(
    tables.flatMap((table) =>
      table.fields.filter((field) => holds(field) && field.type !== null).map(({ name }) => name),
    ),
  );
  const nestTables: NestTable[] = tables.map((table) => ({
    index: table.index,
    caption: titleOf(table),
    anchors: table.grid.anchors,
    fields: table.fields,
    line: table.grid.line,
    says: saysOf(table, owners),
    side: sideOf(table, owners),
  }));
  const { children, nested } = nest(nestTables, issues);
  const byIndex = new Map(tables.map((table) => [table.index, table]));
  const placement: Placement = { parameters: [], structures: [], nested, orphans: new Map() };
  /** Sides that have a body already: a structure after that is the inside of something. */
  const groups = new Set<string>();
  const unread = new Set<string>();

  const emit = (
    field: Field,
    base: Pick<Parameter, "in" | "status" | "header">,
    prefix: string,
    stack: number[],
    out: Parameter[],
  ): void => {
    if (out.length >= most) return;
    const path = prefix + field.name;
    const parameter: Parameter = {
      ...base,
      path,
      name: path.slice(path.lastIndexOf(".", path.length - 2) + 1),
      type: field.type,
      items: field.items,
      structure: field.structure,
      typeText: field.typeText,
      required: field.required,
      requiredText: field.requiredText,
      conditions: readConditions(field.name, field.description, field.values, names),
      description: field.description,
      default: field.default,
      range: field.range,
      values: field.values,
      valuesStated: field.valuesStated,
      unit: field.unit,
      zone: field.zone,
      table: field.table,
      row: field.row,
      line: field.line,
    };
    if (/^\s*common param/i.test(field.description)) parameter.common = true;
    out.push(parameter);
    if (out.length === most)
      issues.push({
        code: "too_many_parameters",
        line: field.line,
        message: `more than ${most} parameters: the rest was not placed`,
      });
    const inside = `${path}${field.type === "array" ? "[]" : ""}.`;
    for (const index of children.get(`${field.table}:${field.row}`) ?? []) {
      if (stack.includes(index)) {
        issues.push({
          code: "recursive_structure",
          line: field.line,
          message: `"${path}" contains itself`,
          table: field.table,
          row: field.row,
        });
        continue;
      }
      if (stack.length >= deepest) {
        issues.push({
          code: "nested_too_deep",
          line: field.line,
          message: `"${path}" is nested more than ${deepest} deep: its inside was not placed`,
          table: field.table,
          row: field.row,
        });
        continue;
      }
      for (const child of byIndex.get(index)?.fields ?? []) emit(child, base, inside, [...stack, index], out);
    }
  };

  for (const table of tables) {
    if (nested.has(table.index)) continue;
    const says = saysOf(table, owners);
    const side = sideOf(table, owners);
    if (
      !isOperation ||
      (side === null &&
        says !== "response" &&
        says !== "body" &&
        says !== "query" &&
        says !== "path" &&
        says !== "uri" &&
        says !== "header")
    ) {
      if (isOperation) {
        issues.push({
          code: "table_without_place",
          line: table.grid.line,
          message: "a parameter table outside the request and the response",
          table: table.index,
          quote: table.grid.caption,
        });
        placement.orphans.set(table.index, "outside the request and the response");
        continue;
      }
      const fields: Parameter[] = [];
      for (const field of table.fields) emit(field, { in: "body", status: null }, "", [table.index], fields);
      placement.structures.push({
        name: table.spot.heading || table.grid.caption,
        line: table.grid.line,
        fields: fields.map(({ in: _in, status: _status, ...rest }) => rest),
      });
      continue;
    }
    const status = side === "response" ? (table.spot.status ?? (table.spot.abnormal ? null : success)) : null;
    const group = `${side}:${status}:${table.spot.abnormal}`;
    const headers = table.fields.length > 0 && table.fields.every((field) => headerName.test(field.name));
    const body = side === "response" || says === "body" || says === "generic" || says === "structure";
    if (body && !headers && (unread.has(group) || (says === "structure" && groups.has(group)))) {
      issues.push({
        code: "nested_table_without_parent",
        line: table.grid.line,
        message: "nothing on the page refers to this structure",
        table: table.index,
        quote: table.grid.caption,
      });
      placement.orphans.set(table.index, "nothing refers to this structure");
      continue;
    }
    // What comes after a body none of whose rows could be read may be its inside.
    if (!table.fields.length && body) unread.add(group);
    const header = headers || /\bheader/i.test(titleOf(table));
    for (const field of table.fields) {
      const place = side === "response" ? side : placeOf(field, says, header, table, operation, issues);
      const base = side === "response" && header ? { in: place, status, header: true as const } : { in: place, status };
      if (place === "body" || (place === "response" && !header)) groups.add(group);
      emit(field, base, "", [table.index], placement.parameters);
    }
  }
  // Structures that only refer to each other hang from nothing.
  const reached = new Set(
    [...placement.parameters, ...placement.structures.flatMap((structure) => structure.fields)].map(
      (parameter) => parameter.table,
    ),
  );
  for (const table of tables) {
    if (reached.has(table.index) || placement.orphans.has(table.index) || !table.fields.length) continue;
    issues.push({
      code: "nested_table_without_parent",
      line: table.grid.line,
      message: "the tables that refer to this structure have no place themselves",
      table: table.index,
      quote: table.grid.caption,
    });
    placement.orphans.set(table.index, "only structures without a place refer to it");
  }
  return placement;
}

/** The caption, or the label above a table that has none. */
function titleOf(table: FieldTable): string {
  return table.grid.caption || (table.spot.label !== table.spot.heading ? table.spot.label : "");
}

function saysOf(table: FieldTable, owners: Set<string>): CaptionPlace {
  const title = titleOf(table);
  const says = captionPlace(title);
  if (says !== "structure" || table.grid.caption) return says;
  // A label that is no caption names a structure only if it speaks of a field, or is the name of one.
  if (/\b(?:field|fields|structure|object|element)\b/i.test(title)) return "structure";
  const path = namedPath(title);
  return (path && path.length > 1) || title.split(/[^\w.:-]+/).some((word) => owners.has(word))
    ? "structure"
    : "generic";
}

function sideOf(table: FieldTable, owners: Set<string>): NestTable["side"] {
  const says = saysOf(table, owners);
  if (says === "response") return "response";
  for (const section of [table.spot.section, table.spot.base]) {
    if (section === "response" || section === "response example") return "response";
    if (section === "uri" || section === "request" || section === "request example") return "request";
  }
  if (says === "header" || says === "query" || says === "path" || says === "uri" || says === "body") return "request";
  return null;
}

function placeOf(
  field: Field,
  says: NestTable["says"],
  headers: boolean,
  table: FieldTable,
  operation: Operation,
  issues: Issue[],
): Place {
  const inPath = operation.path?.includes(`{${field.name}}`) ?? false;
  const inQuery = operation.query.includes(field.name);
  const report = (message: string): void => {
    issues.push({
      code: "path_parameter_not_in_uri",
      line: field.line,
      message,
      table: field.table,
      row: field.row,
      quote: field.name,
    });
  };
  const stated = field.place?.toLowerCase().trim();
  if (stated === "path" || stated === "query" || stated === "header" || stated === "body") return stated;
  if (headers || says === "header") return "header";
  if (says === "query") return inPath ? "path" : "query";
  if (says === "path") {
    if (!inPath && operation.path)
      report(`the page calls "${field.name}" a path parameter, but the URI has no such placeholder`);
    return inQuery && !inPath ? "query" : "path";
  }
  // Names that only a header has, wherever they are listed.
  if (/^x-[\w-]*-[\w-]+$/i.test(field.name) && operation.source !== "convention") return "header";
  const bodyless = operation.method === "GET" || operation.method === "HEAD";
  const uri = says === "uri" || table.spot.section === "uri" || table.spot.base === "uri";
  if (inPath) return "path";
  if (inQuery) return "query";
  if (says === "body") return bodyless ? "query" : "body";
  if (uri) return "query";
  if (headerName.test(field.name) && operation.source !== "convention") return "header";
  return bodyless ? "query" : "body";
}
