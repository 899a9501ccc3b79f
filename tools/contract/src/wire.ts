import { isDeepStrictEqual } from "node:util";
import { ApiError } from "@restorekit/core";
import { type Received, verify } from "@restorekit/emulator/signature";
import type { Bundle } from "./bundle.js";
import { operationsOf } from "./bundle.js";
import { type Case, casesOf } from "./cases.js";
import type { AnyClient, Connect } from "./clients.js";
import { SECRETS } from "./secrets.js";
import { listen, type Reply } from "./server.js";

/** Plays every documented exchange over a real socket, once for each way to authenticate. Returns what went wrong. */
export async function checkWire(
  name: string,
  bundle: Bundle,
  connect: Connect,
): Promise<{ cases: number; problems: string[] }> {
  const problems: string[] = [];
  const exchanged = new Set<string>();
  let received: Received[] = [];
  let reply: Reply = { status: 500, body: {} };
  const server = await listen((request) => {
    received.push(request);
    return reply;
  });
  const { endpoint } = server;
  const cases = casesOf(name, bundle);
  let played = 0;
  try {
    for (const scheme of (bundle.security ?? []).flatMap((requirement) => Object.keys(requirement))) {
      const client = connect(scheme, { endpoint });
      for (const one of [...cases, ...errorCases(bundle, cases)]) await play(scheme, client, one);
      for (const one of withClientValues(cases)) await play(scheme, connect(scheme, { endpoint, ...one.client }), one);
    }
  } finally {
    await server.close();
  }
  for (const { operation } of operationsOf(bundle)) {
    if (!exchanged.has(operation.operationId))
      problems.push(`${name} ${operation.operationId}: no documented success went over the wire`);
  }
  return { cases: played, problems };

  async function play(scheme: string, client: AnyClient, one: Case) {
    received = [];
    reply = one.answer;
    played++;
    if (one.ok) exchanged.add(one.operation);
    const found = [...(await exchange(client, one)), ...(await inspect(bundle, scheme, one, received))];
    problems.push(...found.map((problem) => `${name} ${one.operation} «${one.name}» by ${scheme}: ${problem}`));
  }
}

/** One case of each operation again, with the values that a client may hold given to the client. */
function withClientValues(cases: Case[]): Case[] {
  const first = new Map(cases.filter(({ ok }) => ok).map((one) => [one.operation, one]));
  return [...first.values()]
    .filter(({ client }) => Object.keys(client).length > 0)
    .map((one) => {
      const held = Object.values(one.client);
      const input = Object.fromEntries(
        Object.entries(one.input).filter(([, value]) => !held.includes(value as string)),
      );
      return { ...one, name: `${one.name}, client values`, input };
    });
}

/** What a security scheme puts on the wire, and in which form. */
function credentialsProblem(bundle: Bundle, scheme: string, headers: Record<string, string>) {
  const declared = bundle.components.securitySchemes?.[scheme] as { type: string; name?: string; scheme?: string };
  const name = declared.type === "apiKey" ? (declared.name ?? "").toLowerCase() : "authorization";
  const value = headers[name];
  if (value === undefined) return `the header ${name} is missing`;
  if (declared.scheme !== undefined && !value.startsWith(`${declared.scheme} `))
    return `it is not signed by ${declared.scheme}`;
  return FORMS[scheme]?.test(value) === false ? `the ${name} header does not have the form of ${scheme}` : undefined;
}

const FORMS: Record<string, RegExp> = {
  tc3: /Credential=[^/]+\/\d{4}-\d\d-\d\d\/redis\/tc3_request,/,
  sdkHmac: / Access=/,
  sdkHmacScoped: / Credential=[^/]+\/\d{8}\/[^/]*\/[^/]*\/sdk_request,/,
};

/** One case for each documented error code, in the service's own envelope. */
function errorCases(bundle: Bundle, cases: Case[]): Case[] {
  return operationsOf(bundle).flatMap(({ operation }) => {
    const base = cases.find((one) => one.operation === operation.operationId && one.ok);
    if (!base) return [];
    return Object.entries(operation["x-errors"] ?? {}).map(([code, { status }]) => ({
      ...base,
      name: `error ${code}`,
      ok: false,
      answer: { status, headers: {}, body: envelope(bundle, code) },
    }));
  });
}

function envelope(bundle: Bundle, code: string) {
  return bundle["x-envelope"].error === "tencent"
    ? { Response: { Error: { Code: code, Message: "as documented" }, RequestId: "request-1" } }
    : { error_code: code, error_msg: "as documented" };
}

async function exchange(client: AnyClient, one: Case): Promise<string[]> {
  const call = client[one.operation];
  if (!call) return ["the client has no such call"];
  try {
    const result = await call(one.input);
    if (!one.ok) return ["an error was answered, and a result came back"];
    return isDeepStrictEqual(result, expectedResult(one)) ? [] : [`came back as ${JSON.stringify(result)}`];
  } catch (error) {
    if (one.ok || !(error instanceof ApiError)) return [`failed: ${error}`];
    const code = codeIn(one.answer.body);
    const problems: string[] = [];
    if (code !== undefined && error.code !== code) problems.push(`the error's code is ${error.code}, not ${code}`);
    if (error.status !== one.answer.status)
      problems.push(`the error's status is ${error.status}, not ${one.answer.status}`);
    return problems;
  }
}

/** The result as it was documented: without the envelope, with the headers that belong to it. */
function expectedResult({ answer }: Case) {
  const body = answer.body as Record<string, unknown> | undefined;
  const result =
    body !== undefined && Object.keys(body).length === 1 && typeof body.Response === "object" ? body.Response : body;
  return Object.keys(answer.headers).length > 0 ? { ...(result as object), ...answer.headers } : result;
}

function codeIn(body: unknown): string | undefined {
  const text = JSON.stringify(body) ?? "";
  return text.match(/"(?:Code|error_code|code)":"?([^",}]+)/)?.[1];
}

/** What differs between the request that arrived and the documented one. */
async function inspect(bundle: Bundle, scheme: string, one: Case, received: Received[]): Promise<string[]> {
  const [request, ...more] = received;
  if (!request) return ["no request arrived"];
  if (more.length > 0) return [`${received.length} requests arrived`];
  const { wire } = one;
  const problems: string[] = [];
  const differ = (what: string, got: unknown, want: unknown) => {
    if (!isDeepStrictEqual(got, want)) problems.push(`${what} is ${JSON.stringify(got)}, not ${JSON.stringify(want)}`);
  };
  const url = new URL(request.target, "http://loopback");
  differ("method", request.method, wire.method);
  differ("path", url.pathname, wire.path);
  differ("query", [...url.searchParams].sort(), wire.query.toSorted());
  for (const [name, value] of Object.entries(wire.headers)) differ(name, request.headers[name], value);
  differ("body", request.body === "" ? undefined : JSON.parse(request.body), wire.body);
  if (!one.anonymous) {
    const refused = await verify(request, SECRETS, { now: Date.now() });
    const problem = refused?.detail ?? credentialsProblem(bundle, scheme, request.headers);
    if (problem) problems.push(problem);
  }
  return problems;
}
