import {
  type AkSkCredentials,
  sdkHmac,
  sdkHmacScoped,
  type Tc3Credentials,
  tc3,
  tencentV1,
  type Unsigned,
} from "@restorekit/core/signing";
import { type Aim, compare, type Signed } from "./compare.js";
import { type Body, bodyFor, decode, type Wire } from "./decode.js";
import { checkFields } from "./fields.js";

/** What is needed of it is checked before; a field of another kind makes the replay fail, with a message. */
interface Vector {
  readonly clock: string;
  readonly credentials: Tc3Credentials & AkSkCredentials & { readonly projectId?: string };
  readonly input: Input;
  readonly wire?: Wire;
  readonly expected?: Aim;
  readonly documented?: Aim & { readonly agrees?: boolean };
  /** Signature v1. */
  readonly params?: Readonly<Record<string, string>>;
  readonly nonce?: number;
  readonly signatureMethod?: string;
  /** Scoped form. */
  readonly request: Recorded;
  readonly scope?: { readonly region?: string; readonly service?: string };
}

interface Input {
  readonly endpoint: string;
  readonly extraHeaders?: Readonly<Record<string, string>>;
  // Tencent
  readonly service: string;
  readonly action: string;
  readonly version: string;
  readonly region?: string | null;
  readonly language?: string | null;
  readonly requestMethod: string;
  readonly params: unknown;
  // Huawei Cloud
  readonly operation?: string;
  readonly args?: unknown;
  readonly method: string;
  readonly path: string;
  readonly pathParams?: Readonly<Record<string, unknown>>;
  readonly query?: unknown;
  readonly contentType?: string | null;
  readonly body?: unknown;
}

interface Recorded extends Wire {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly hasBody?: boolean;
  readonly bodyBase64?: string;
  readonly body?: unknown;
}

/** Builds the request, signs it and compares. @returns what differs, or nothing @throws where it cannot be built */
export async function replay(scheme: string, vector: unknown): Promise<string | undefined> {
  const run = Object.hasOwn(schemes, scheme) ? schemes[scheme] : undefined;
  if (!run) throw new Error(`unknown scheme ${JSON.stringify(scheme)}, known: ${Object.keys(schemes).join(", ")}`);
  checkFields(scheme, vector);
  const { documented, expected } = vector as Vector;
  const [name, aim] = documented?.agrees === false ? ["documented", documented] : ["expected", expected];
  if (!aim?.authorization && !aim?.signature) {
    throw new Error(`no signature to compare with: ${name}.authorization or ${name}.signature is missing`);
  }
  return compare(await run(vector as Vector), aim);
}

const schemes: Record<string, (vector: Vector) => Promise<Signed>> = {
  "tc3-hmac-sha256": async (vector) => {
    const { input, credentials } = vector;
    const wire = vector.wire ?? {};
    const method = input.requestMethod.toUpperCase();
    const url = new URL(`https://${input.endpoint}/`);
    const params = decode(input.params);
    const request: Unsigned = { method, url, headers: bag(input.extraHeaders) };
    if (method === "GET") url.search = queryText(flat(params));
    else request.body = bodyFor(withoutNulls(params), method, wire);
    request.headers.set("host", hostOf(input.endpoint, url, wire));
    request.headers.set("x-tc-action", input.action);
    request.headers.set("x-tc-version", input.version);
    if (input.region) request.headers.set("x-tc-region", input.region);
    if (input.language) request.headers.set("x-tc-language", input.language);
    const ours = params instanceof Uint8Array ? "application/octet-stream; charset=utf-8" : undefined;
    const type = recorded(wire, "content-type") ?? ours;
    if (type) request.headers.set("content-type", type);
    const unsigned = recorded(wire, "x-tc-content-sha256");
    if (unsigned) request.headers.set("x-tc-content-sha256", unsigned);
    await tc3.sign(request, { now: new Date(vector.clock), credentials, service: input.service });
    return { authorization: request.headers.get("authorization") ?? "" };
  },

  "tencent-v1": async (vector) => {
    const { input, credentials, params = {} } = vector;
    const method = input.requestMethod.toUpperCase();
    const url = new URL(`https://${input.endpoint}/`);
    const now = new Date(vector.clock);
    const timestamp = params.Timestamp ?? String(Math.round(now.getTime() / 1000));
    if (!(Math.abs(Number(timestamp) * 1000 - now.getTime()) <= 1000)) {
      throw new Error(`the recorded Timestamp ${timestamp} is not the clock's ${vector.clock}`);
    }
    const all = flat(decode(input.params));
    const add = (name: string, value: unknown) => value && all.push([name, String(value)]);
    add("Action", input.action);
    add("RequestClient", params.RequestClient);
    add("Nonce", vector.nonce ?? params.Nonce);
    add("Timestamp", timestamp);
    add("Version", input.version);
    add("Region", input.region);
    add("Language", input.language);
    add("SignatureMethod", vector.signatureMethod ?? params.SignatureMethod);
    const text = queryText(all);
    const request: Unsigned = { method, url, headers: bag(input.extraHeaders) };
    if (method === "GET") url.search = text;
    else request.body = text;
    request.headers.set("host", hostOf(input.endpoint, url, vector.wire ?? {}));
    await tencentV1.sign(request, { now, credentials });
    const sent = new URLSearchParams(method === "GET" ? url.search : (request.body as string));
    return { signature: sent.get("Signature") ?? "" };
  },

  "sdk-hmac-sha256": async (vector) => {
    const { credentials } = vector;
    const wire = vector.wire ?? {};
    const input = vector.input.operation === undefined ? vector.input : generated(vector.input, wire);
    const method = input.method.toUpperCase();
    const url = pathFor(input, vector, wire);
    if (input.query !== undefined) url.search = queryText(listed(decode(input.query))) || url.search;
    const headers = bag(input.extraHeaders);
    headers.set("host", hostOf(input.endpoint, url, wire));
    const type = input.contentType === undefined ? recorded(wire, "content-type") : input.contentType;
    // The SDK signs `application/json` without its parameters, and no Content-Type of a multipart body.
    if (type && !/multipart/i.test(type)) {
      headers.set("content-type", /application\/json/i.test(type) ? "application/json" : type);
    }
    const unsigned = recorded(wire, "x-sdk-content-sha256");
    if (unsigned) headers.set("x-sdk-content-sha256", unsigned);
    const body = bodyFor(decode(input.body), method, wire, unsigned !== undefined);
    const request: Unsigned = { method, url, headers, body };
    await sdkHmac.sign(request, { now: new Date(vector.clock), credentials, projectId: credentials.projectId });
    return { authorization: headers.get("authorization") ?? "" };
  },

  "sdk-hmac-sha256-scoped": async ({ request: from, scope = {}, clock, credentials }) => {
    const headers = bag();
    for (const [name, value] of from.headers) {
      // Of a repeated header this signer takes the first.
      if (!headers.get(name.toLowerCase())) headers.set(name.toLowerCase(), value);
    }
    let body: Body =
      from.bodyBase64 === undefined ? from.bodyUtf8 : new Uint8Array(Buffer.from(from.bodyBase64, "base64"));
    if (body === undefined || from.body !== undefined) body = bodyFor(decode(from.body), from.method, from);
    // A body of no bytes is still a body; only without one the query is signed in its place.
    if (from.hasBody === false) body = undefined;
    else if (from.hasBody && !body) body = new Uint8Array();
    const request: Unsigned = { method: from.method, url: new URL(from.url), headers, body };
    await sdkHmacScoped.sign(request, {
      now: new Date(clock),
      credentials,
      projectId: credentials.projectId,
      ...scope,
    });
    return { authorization: headers.get("authorization") ?? "" };
  },
};

/** Headers that keep a value as it is given: `Headers` would trim it. */
function bag(from: Readonly<Record<string, string>> = {}): Map<string, string> {
  return new Map(Object.entries(from).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function recorded(wire: Wire, name: string): string | undefined {
  return wire.headers?.find(([header]) => header.toLowerCase() === name)?.[1];
}

/** The Host header: a port that is the default may be spelled or not. */
function hostOf(endpoint: string, url: URL, wire: Wire): string {
  const host = recorded(wire, "host") ?? url.host;
  const spelled = endpoint
    .toLowerCase()
    .replace(/^\w+:\/\//, "")
    .replace(/\/.*/, "");
  if (![url.host, spelled, spelled.replace(/:(80|443)$/, "")].includes(host.toLowerCase())) {
    throw new Error(`the input goes to ${url.host}, recorded is ${host}`);
  }
  return host;
}

function queryText(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
}

/** Tencent's dotted parameters: `Status.0=1`. */
function flat(value: unknown, prefix = ""): [string, string][] {
  return Object.entries(value ?? {}).flatMap(([name, item]): [string, string][] => {
    if (item === null || item === undefined) return [];
    return typeof item === "object" ? flat(item, `${prefix}${name}.`) : [[prefix + name, String(item)]];
  });
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== "object" || value instanceof Uint8Array) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(kept.map(([name, item]) => [name, withoutNulls(item)]));
}

/** Huawei's repeated parameters: `status=A&status=B`; what is no scalar is sent as nothing. */
function listed(value: unknown): [string, string][] {
  const text = (item: unknown) => (item === null || typeof item === "object" ? "" : String(item));
  return Object.entries(value ?? {}).flatMap(([name, item]) =>
    (Array.isArray(item) ? item : [item]).map((one): [string, string] => [name, text(one)]),
  );
}

/** Fills the path: escaped, as our client does, or as it is, as the SDK does, whichever was recorded. */
function pathFor(input: Input, { credentials }: Vector, wire: Wire): URL {
  const values: Record<string, unknown> = {
    project_id: credentials.projectId,
    domain_id: credentials.domainId,
    ...input.pathParams,
  };
  const fill = (spell: (text: string) => string) => {
    const path = input.path.replace(/\{([^}]+)\}/g, (all, name: string) =>
      !Object.hasOwn(values, name) || values[name] === undefined ? all : spell(String(decode(values[name]))),
    );
    return new URL(input.endpoint.replace(/\/$/, "") + path);
  };
  const urls = [fill(encodeURIComponent), fill((text) => text)] as const;
  if (wire.target === undefined) return urls[0];
  // Written to the URL afterwards, a query of the input replaces the one that a raw path may have brought.
  const target = new URL(wire.target.replace(/^\/+/, "/"), input.endpoint).pathname;
  const plain = (path: string) => path.replace(/^\/+/, "/").replace(/\/$/, "");
  const found = urls.find(({ pathname }) => plain(pathname) === plain(target));
  if (!found) throw new Error(`the input makes the path ${urls[0].pathname}, recorded is ${target}`);
  return found;
}

/** A call of a generated SDK: where its operation is found is the SDK's knowledge, where its arguments go is checked. */
function generated(input: Input, wire: Wire): Input {
  const { method, target } = wire;
  if (method === undefined || target === undefined) throw new Error("the operation's path is not recorded");
  const args = new Map(Object.entries(decode(input.args ?? {}) as object));
  const { pathname, searchParams } = new URL(target, input.endpoint);
  const segments = pathname.split("/").map(decodeURIComponent);
  const query: Record<string, unknown> = {};
  for (const name of new Set(searchParams.keys())) {
    if (!args.has(name)) throw new Error(`the query's ${name} is not among the arguments`);
    query[name] = args.get(name);
    args.delete(name);
  }
  for (const [name, value] of args) if (typeof value === "string" && segments.includes(value)) args.delete(name);
  const rest = args.has("body") ? args.get("body") : args.size > 0 ? Object.fromEntries(args) : undefined;
  return { ...input, method, path: pathname, pathParams: {}, query, ...(rest === undefined ? {} : { body: rest }) };
}
