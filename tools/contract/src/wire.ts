import { isDeepStrictEqual } from "node:util";
import { ApiError } from "@restorekit/core";
import { type Received, verify } from "@restorekit/emulator/signature";
import type { Bundle } from "./bundle.js";
import { operationsOf } from "./bundle.js";
import { type Case, casesOf } from "./cases.js";
import { type AnyClient, type Generated, WAYS } from "./clients.js";
import { SECRETS } from "./secrets.js";
import { listen, type Reply } from "./server.js";

/** Plays every documented exchange over a real socket, once for each way to authenticate. Returns what went wrong. */
export async function checkWire(
  name: string,
  bundle: Bundle,
  generated: Generated,
): Promise<{ cases: number; problems: string[] }> {
  const problems: string[] = [];
  let received: Received[] = [];
  let reply: Reply = { status: 500, body: {} };
  const server = await listen((request) => {
    received.push(request);
    return reply;
  });
  const cases = casesOf(name, bundle);
  let played = 0;
  try {
    for (const way of waysOf(bundle)) {
      const credentialsIn = credentialsHeader(bundle, way.name);
      const client = way.connect(generated, { endpoint: server.endpoint });
      for (const one of [...cases, ...errorCases(bundle, cases)]) {
        received = [];
        reply = one.answer;
        played++;
        const place = `${name} ${one.operation} «${one.name}» by ${way.name}`;
        for (const problem of [...(await exchange(client, one)), ...(await inspect(one, received, credentialsIn))])
          problems.push(`${place}: ${problem}`);
      }
    }
  } finally {
    await server.close();
  }
  return { cases: played, problems };
}

function waysOf(bundle: Bundle) {
  return (bundle.security ?? [])
    .flatMap((requirement) => Object.keys(requirement))
    .map((scheme) => {
      const way = WAYS[scheme];
      if (!way) throw new Error(`no client speaks the security scheme ${scheme}`);
      return way;
    });
}

/** The header in which a security scheme carries what it proves. */
function credentialsHeader(bundle: Bundle, scheme: string) {
  const declared = bundle.components.securitySchemes?.[scheme] as { type: string; name?: string };
  return declared.type === "apiKey" ? (declared.name ?? "").toLowerCase() : "authorization";
}

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
async function inspect(one: Case, received: Received[], credentialsIn: string): Promise<string[]> {
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
    if (request.headers[credentialsIn] === undefined) problems.push(`the header ${credentialsIn} is missing`);
    const refused = await verify(request, SECRETS, { now: Date.now() });
    if (refused) problems.push(refused.detail);
  }
  return problems;
}
