// Tencent's Node SDK, read as data: interfaces with one member a line, each below its text.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Call, Field } from "./model.js";
import { valuesInText } from "./values.js";

interface Member {
  type: string;
  required: boolean;
  text: string;
}

type Interfaces = ReadonlyMap<string, ReadonlyMap<string, Member>>;

const deepest = 12;

export function callsOfTypeScript(folder: string, service: string): Call[] {
  const interfaces = readInterfaces(readFileSync(join(folder, `${service}_models.d.ts`), "utf8"));
  const client = readFileSync(join(folder, `${service}_client.d.ts`), "utf8");
  const version =
    /super\("[^"]+", "([^"]+)"/.exec(readFileSync(join(folder, `${service}_client.js`), "utf8"))?.[1] ?? "";
  return [...client.matchAll(/^ {4}(\w+)\(req\??: (\w+)(?: \| \w+)?,.*?\): Promise<(\w+)>;/gm)].map(
    ([, action = "", request = "", answer = ""]) => {
      const fields = new Map<string, Field>();
      members(interfaces, request, "request body ", true, fields, []);
      members(interfaces, answer, "response ", false, fields, []);
      return { name: action, line: `${action} ${version}`, fields };
    },
  );
}

function readInterfaces(source: string): Interfaces {
  const found = new Map<string, Map<string, Member>>();
  for (const [, name, body] of source.matchAll(/^export interface (\w+) \{\n(.*?)^\}/gms)) {
    const fields = new Map<string, Member>();
    for (const [, text, field, optional, type] of (body as string).matchAll(
      /(?: {4}\/\*\*(.*?)\*\/\n)? {4}(\w+)(\??): ([^;]+);/gs,
    ))
      fields.set(field as string, { type: type as string, required: optional === "", text: text ?? "" });
    found.set(name as string, fields);
  }
  return found;
}

function members(
  interfaces: Interfaces,
  name: string,
  prefix: string,
  request: boolean,
  fields: Map<string, Field>,
  stack: string[],
): void {
  if (stack.includes(name) || stack.length > deepest) return;
  for (const [field, { type, required, text }] of interfaces.get(name) ?? []) {
    const place = prefix + field;
    fields.set(place, { type: wireType(type), required: request ? required : null, values: valuesInText(text) });
    const list = /^Array<(.+)>$/.exec(type)?.[1];
    members(interfaces, list ?? type, `${place}${list ? "[]" : ""}.`, request, fields, [...stack, name]);
  }
}

function wireType(type: string): string {
  const list = /^Array<(.+)>$/.exec(type)?.[1];
  if (list) return `array of ${wireType(list)}`;
  // JavaScript has one kind of number.
  if (/^number(?: \| bigint)?$/.test(type)) return "numeric";
  return type === "string" || type === "boolean" || type === "any" ? type : "object";
}
