// What a type cell says, in the words of JSON Schema.
import type { ScalarType } from "./model.js";

export interface TypeReading {
  type: ScalarType | null;
  items: ScalarType | null;
  /** The named structure it refers to: "Array of Volume objects" refers to Volume. */
  structure: string | null;
}

const scalars: [ScalarType, string[]][] = [
  [
    "string",
    [
      "string",
      "strings",
      "str",
      "char",
      "chars",
      "varchar",
      "text",
      "uuid",
      "timestamp",
      "time",
      "date",
      "datetime",
      "date-time",
      "timestamp iso8601",
      "enum",
      "ip",
      "url",
      "uri",
      "byte",
      "binary",
      "base64",
      "utc",
      "utc time",
      "char string",
      "character string",
      "character",
      "id",
      "cidr",
    ],
  ],
  [
    "integer",
    [
      "integer",
      "integers",
      "int",
      "ints",
      "int8",
      "int16",
      "int32",
      "int64",
      "uint",
      "uint8",
      "uint16",
      "uint32",
      "uint64",
      "long",
      "longs",
      "short",
      "bigint",
      "bigdecimal int",
      "unsigned integer",
      "positive integer",
    ],
  ],
  [
    "number",
    [
      "number",
      "numbers",
      "float",
      "floats",
      "double",
      "doubles",
      "decimal",
      "bigdecimal",
      "numeric",
      "float32",
      "float64",
      "real",
    ],
  ],
  ["boolean", ["boolean", "booleans", "bool", "bools"]],
  [
    "object",
    [
      "object",
      "objects",
      "dict",
      "dicts",
      "dictionary",
      "dictionaries",
      "json",
      "json object",
      "json objects",
      "map",
      "maps",
      "struct",
      "structs",
      "structure",
      "structures",
      "data structure",
      "hash",
      "key-value",
      "key/value",
      "dictionary data structure",
      "dict data structure",
      "json structure",
      "jsonobject",
      "hashmap",
      "treemap",
      "element",
      "elements",
      "structure body",
      "key-value pair",
      "key-value pairs",
    ],
  ],
  [
    "array",
    [
      "array",
      "arrays",
      "list",
      "lists",
      "set",
      "list data structure",
      "array data structure",
      "json array",
      "jsonarray",
      "arraylist",
      "collection",
      "list structure",
      "array structure",
      "list data structures",
    ],
  ],
  ["any", ["any", "anytype", "any type"]],
  ["file", ["file", "file stream", "stream"]],
];

const scalarOf = new Map<string, ScalarType>();
for (const [type, words] of scalars) for (const word of words) scalarOf.set(word, type);

const nothing: TypeReading = { type: null, items: null, structure: null };

export function readType(source: string): TypeReading {
  // "Dictionary data structure. For details, see Table 3.", "Array of Table 5 objects": references are a matter of
  // nesting, not of the type.
  const text = source.slice(0, 300);
  const end = /[.;,(]?\s+(?:for (?:more )?details|for more information|see|refer to)\b/i.exec(text);
  const words = (end ? text.slice(0, end.index) : text).replace(/\btable ?\d+(?:-\d+)?/gi, " ");
  // What is nothing but a reference to a table is described there.
  return read(words, 0) ?? (words !== text && !words.trim() ? { ...nothing, type: "object" } : nothing);
}

function read(source: string, depth: number): TypeReading | null {
  if (depth > 4) return null;
  const text = source
    .replace(/\s+/g, " ")
    .replace(/[.,;:]+$/, "")
    .trim();
  if (!text) return null;
  const lower = text.toLowerCase();
  const known = scalarOf.get(lower);
  if (known) return { type: known, items: null, structure: null };
  const array =
    /^(?:an? )?(?:array|list|set|collection)s?(?: of)?\s*[<[(]\s*(.+?)\s*[>\])]$/i.exec(text)?.[1] ??
    /^(?:an? )?(?:json )?(?:array|list|set|collection)s? (?:of |type of )(.+)$/i.exec(text)?.[1] ??
    /^(.+?)\s*\[\s*\]$/.exec(text)?.[1] ??
    /^\[\s*(.+?)\s*\]$/.exec(text)?.[1] ??
    /^(.+?)[ -](?:arrays?|lists?)(?: data structures?)?$/i.exec(text)?.[1];
  if (array !== undefined) {
    const inner = read(array, depth + 1) ?? named(array);
    return { type: "array", items: inner?.type ?? null, structure: inner?.structure ?? null };
  }
  if (
    /^(?:map|dict|dictionary|hash)s?\s*(?:of\b.*|[<[(].*[>\])](?:\s*\w+)?)(?: (?:objects?|structures?))?$/i.test(text)
  ) {
    const value = /,\s*(?:array of |list<)?([A-Z]\w+)\s*(?:objects?)?\s*[>\])]+$/.exec(text)?.[1];
    const inner = value ? read(value, depth + 1) : null;
    return { type: "object", items: null, structure: inner?.structure ?? null };
  }
  const structure =
    /^(?:the )?([A-Za-z_][\w.:-]*) (?:objects?|structures?|structs?|data structures?|field data structures?|dictionary data structures?)$/i.exec(
      text,
    )?.[1];
  if (structure)
    return { type: "object", items: null, structure: scalarOf.has(structure.toLowerCase()) ? null : structure };
  const sized = /^([A-Za-z][\w -]{0,30}?)\s*[([{].{0,60}[)\]}]$/.exec(text)?.[1];
  const plain = sized ? read(sized, depth + 1) : null;
  if (plain) return plain;
  const base =
    /^(?:long|short|signed|unsigned|positive|nullable|optional|enumerated|json|utc|fixed)[ -](.+)$/i.exec(text)?.[1] ??
    /^(.+?) (?:type|value|format)$/i.exec(text)?.[1];
  const plainBase = base ? read(base, depth + 1) : null;
  if (plainBase && !plainBase.structure) return plainBase;
  // A single capitalised identifier is a named structure: Tencent's types, and some of Huawei's.
  if (
    /^[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*$/.test(text) &&
    !/^(?:Yes|No|True|False|None|Null|Mandatory|Optional|Required)$/.test(text)
  )
    return { type: "object", items: null, structure: text };
  return null;
}

/** What a list holds is a thing even where its name has several words: "Security Group objects", "resource_tag". */
function named(text: string): TypeReading | null {
  if (/^[\w{}:. -]{1,60} (?:objects?|structures?)$/i.test(text))
    return { type: "object", items: null, structure: null };
  return /^[a-z]\w*$/i.test(text) ? { type: "object", items: null, structure: text } : null;
}

/** Whether a cell says yes or no to "is it mandatory?"; null if it says neither. */
export function readRequired(text: string): boolean | null {
  // "Yes (if …)": the condition stays in the text.
  const short =
    /^(yes|no|mandatory|optional)\s*[(,;:.（，。；：]/i.exec(text)?.[1] ?? /^(Yes|No) (?=[A-Z][a-z]+ )/.exec(text)?.[1];
  const word = (short ?? text.slice(0, 300))
    .toLowerCase()
    .replace(/[.*\s]+$/, "")
    .trim();
  if (/^(?:yes|y|true|mandatory|required|m|√|compulsory)$/.test(word)) return true;
  if (/^(?:no|n|false|optional|o|not required|not mandatory|×)$/.test(word)) return false;
  return null;
}

/**
 * Whether a cell can only be a type: names of structures do not count, they may be anything, and neither does "List of
 * values", which may be a description.
 */
export function isCertainType(text: string): boolean {
  // "Text." is a description.
  if (/\w\.$/.test(text) && !/\b(?:see|structures?)\b/i.test(text)) return false;
  const reading = readType(text);
  if (reading.type === "array" && reading.items === null && /\S\s+\S+\s+\S|\S lists?$/i.test(text))
    return /\bstructures?\b/i.test(text);
  if (reading.items === "object" && reading.structure && !/[<>[\]]|\b(?:array|objects?|structures?)\b/i.test(text))
    return false;
  return reading.type !== null && !(reading.type === "object" && reading.structure === text.replace(/[.,;:]+$/, ""));
}
