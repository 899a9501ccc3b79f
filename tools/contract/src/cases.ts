import {
  type Answer,
  type Bundle,
  constantOf,
  deref,
  type Example,
  type Located,
  operationsOf,
  parametersOf,
} from "./bundle.js";

/** One documented exchange: what is given to the client, what must be on the wire, what comes back. */
export interface Case {
  service: string;
  operation: string;
  name: string;
  source: string;
  input: Record<string, unknown>;
  /** The part of the input that a client may hold, by its option. */
  client: Record<string, string>;
  wire: {
    method: string;
    path: string;
    query: [string, string][];
    headers: Record<string, string>;
    body: unknown;
  };
  answer: { status: number; headers: Record<string, string>; body: unknown };
  /** Whether the answer is a success. */
  ok: boolean;
  anonymous: boolean;
}

/** Every case that the examples of a bundle make. */
export function casesOf(service: string, bundle: Bundle): Case[] {
  return operationsOf(bundle).flatMap((located) => operationCases(service, bundle, located));
}

function operationCases(service: string, bundle: Bundle, located: Located): Case[] {
  const { operation } = located;
  const found: Case[] = [];
  for (const [status, response] of Object.entries(operation.responses)) {
    // `default` documents the shape of errors, not one of them.
    if (status === "default") continue;
    const answer = deref(bundle, response);
    const examples = Object.entries(mediaOf(answer)?.examples ?? {});
    if (examples.length === 0 && !mediaOf(answer))
      found.push(makeCase(status, { value: undefined, "x-source": "page" }, answer, status));
    for (const [name, example] of examples) found.push(makeCase(name, deref(bundle, example), answer, status));
  }
  return found;

  function makeCase(name: string, example: Example, answer: Answer, status: string): Case {
    const ok = status.startsWith("2");
    const request = requestOf(bundle, located, name);
    const headers = Object.entries(answer.headers ?? {}).flatMap(([header, entry]) => {
      const { examples = {} } = deref(bundle, entry);
      const given = examples[name] ?? Object.values(examples)[0];
      return given ? [[header, String(given.value)]] : [];
    });
    return {
      service,
      operation: operation.operationId,
      name: ok ? name : `${status} ${name}`,
      source: example["x-source"],
      ...request,
      answer: { status: Number(status), headers: Object.fromEntries(headers), body: example.value },
      ok,
      anonymous: operation.security?.length === 0,
    };
  }
}

/** What a call of this name gives, and the request it must become. */
function requestOf(bundle: Bundle, { method, path, operation }: Located, name: string) {
  const input: Record<string, unknown> = {};
  const client: Record<string, string> = {};
  const headers: Record<string, string> = {};
  const query: [string, string][] = [];
  let wirePath = path.replace(/#.*$/, "");
  for (const parameter of parametersOf(bundle, operation)) {
    const constant = constantOf(bundle, parameter);
    const example =
      parameter.examples?.[name] ?? (parameter.required ? Object.values(parameter.examples ?? {})[0] : undefined);
    const value = constant ?? (example && deref(bundle, example).value);
    if (value === undefined) continue;
    if (constant === undefined) input[parameter.name] = value;
    if (parameter["x-client"] !== undefined) client[parameter["x-client"]] = String(value);
    if (parameter.in === "header") headers[parameter.name.toLowerCase()] = String(value);
    if (parameter.in === "path") wirePath = wirePath.replace(`{${parameter.name}}`, encodeURIComponent(String(value)));
    if (parameter.in === "query") {
      for (const item of Array.isArray(value) ? value : [value]) query.push([parameter.name, String(item)]);
    }
  }
  const examples = Object.entries(
    operation.requestBody ? (mediaOf(deref(bundle, operation.requestBody))?.examples ?? {}) : {},
  );
  const chosen = examples.find(([key]) => key === name) ?? examples[0];
  const given = chosen && deref(bundle, chosen[1]).value;
  if (given !== undefined) Object.assign(input, given);
  const body = operation.requestBody ? (given ?? {}) : undefined;
  return { input, client, wire: { method, path: wirePath, query, headers, body } };
}

function mediaOf(holder: { content?: Record<string, { examples?: Record<string, Example> }> }) {
  return holder.content?.["application/json"];
}
