import { type EndpointName, type Operation, regionsOf } from "./bundle.js";
import type { Call, Emulation, IssuedTokens, Login, Pace, Reply } from "./call.js";
import { type Fault, type Faults, find } from "./faults.js";
import { foreignProject, invalid, noSuchOperation, notLetIn, outage, throttled } from "./gateway.js";
import { huaweicloudGeminidb } from "./huaweicloud-geminidb/index.js";
import { huaweicloudRds } from "./huaweicloud-rds/index.js";
import { identity } from "./identity/index.js";
import type { Journal } from "./journal.js";
import type { Limits } from "./limits.js";
import { opentelekomcloudDcs } from "./opentelekomcloud-dcs/index.js";
import type { Random } from "./random.js";
import { Refusal } from "./refusal.js";
import type { Received } from "./request.js";
import { route } from "./route.js";
import { type Credentials, verify } from "./signature/verify.js";
import type { State } from "./state.js";
import { tencentcloudRedis } from "./tencentcloud-redis/index.js";
import { readInput } from "./validate.js";

/** What the sender of a request gets. */
export type Delivery = { delayMs: number } & (
  | { kind: "answer"; status: number; headers: Record<string, string>; text: string | null }
  | { kind: "lost" }
  | { kind: "refused" }
);

/** The parts of one emulated cloud. */
export interface Cloud {
  now(): number;
  state: State;
  random: Random;
  pace: Pace;
  credentials: Credentials;
  login: Login;
  tokens: IssuedTokens;
  limits: Limits;
  journal: Journal & { write(entry: Journal["entries"][number]): void };
  faults: Faults & { take(service: EndpointName, operation: string): Fault[] };
  checkSignatures: boolean;
  lenientHost: boolean;
}

const SERVICES: Record<EndpointName, Emulation> = {
  "tencentcloud-redis": tencentcloudRedis,
  "opentelekomcloud-dcs": opentelekomcloudDcs,
  "huaweicloud-geminidb": huaweicloudGeminidb,
  "huaweicloud-rds": huaweicloudRds,
  identity,
};

/** Takes one request from the network to its answer. */
export async function serve(cloud: Cloud, request: Received, only?: EndpointName): Promise<Delivery> {
  const at = cloud.now();
  const { service, operation, path } = route(request, only);
  const faults = service && operation ? cloud.faults.take(service, operation.id) : [];
  const requestId = cloud.random.uuid();
  const calls: Call[] = [];
  let executed = 0;
  let reply: Reply | undefined;
  let refusal: Refusal | undefined;

  try {
    if (!service || !operation) throw noSuchOperation(service, request.method, request.headers["x-tc-action"]);
    const failed = find(faults, "errorBefore");
    if (failed) throw outage(service, failed.status ?? 503);
    const limited = find(faults, "throttle");
    if (limited) throw throttled(service, limited.retryAfterSeconds);
    if (!find(faults, "refuse") && !find(faults, "dropBefore")) {
      await letIn(service, operation);
      reply = run(service, operation);
      executed++;
      if (find(faults, "duplicate")) {
        run(service, operation);
        executed++;
      }
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refusal = error;
  }
  // It hides a refusal as well as a result.
  const broken = find(faults, "errorAfter");
  if (service && broken) refusal = outage(service, broken.status ?? 502);
  return deliver();

  /** The time as the cloud knows it. */
  function clockNow() {
    return at + (find(faults, "skew")?.ms ?? 0);
  }

  /** @throws {Refusal} */
  async function letIn(service: EndpointName, operation: Operation) {
    const now = clockNow();
    const { credentials, tokens, lenientHost } = cloud;
    if (!operation.anonymous && cloud.checkSignatures) {
      const refused = await verify(request, credentials, { now, tokens, lenientHost });
      if (refused) throw notLetIn(service, operation, refused);
    }
    const project = path.project_id;
    const scope = tokens.get(request.headers["x-auth-token"] ?? "");
    const scoped = scope === undefined || scope.projectId === project;
    if (project !== undefined && !(scoped && cloud.state.projects.some(({ id }) => id === project))) {
      throw foreignProject(service, operation);
    }
    if (!cloud.limits.pass(operation, service, at)) throw throttled(service);
  }

  /** @throws {Refusal} */
  function run(service: EndpointName, operation: Operation): Reply {
    refuseForeignVersion(service);
    const input = readInput(operation, request, path);
    if ("kind" in input) throw invalid(service, operation, input);
    const { state, random, pace, login, tokens } = cloud;
    const call = { ...input, operation, headers: request.headers, now: at, state, random, pace, faults, login, tokens };
    calls.push(call);
    return SERVICES[service].handlers[operation.id]?.(call) as Reply;
  }

  /** Tencent's version and region are header values of their own kind. @throws {Refusal} */
  function refuseForeignVersion(service: EndpointName) {
    if (service !== "tencentcloud-redis") return;
    const { "x-tc-version": version, "x-tc-region": region } = request.headers;
    if (version !== undefined && version !== "2018-04-12") throw new Refusal(200, "NoSuchVersion", "no such version");
    if (region !== undefined && !regionsOf(service).has(region)) {
      throw new Refusal(200, "UnsupportedRegion", `the region ${region} is not supported`);
    }
  }

  function deliver(): Delivery {
    const lost = find(faults, "dropBefore") ?? find(faults, "dropAfter") ?? find(faults, "refuse");
    const status = refusal?.status ?? reply?.status ?? 0;
    cloud.journal.write({
      at,
      service,
      operation: operation?.id,
      method: request.method,
      instance: calls[0] && instanceOf(calls[0]),
      executed,
      outcome: lost ? "lost" : "answered",
      status,
      code: refusal?.code || undefined,
      task: calls.at(-1)?.started?.id,
      faults: faults.map(({ kind }) => kind),
      requestId,
    });
    const delayMs = find(faults, "slow")?.ms ?? 0;
    if (lost) return { delayMs, kind: lost.kind === "refuse" ? "refused" : "lost" };
    const body = refusal ? errorBody(refusal) : reply?.body;
    const html = refusal?.code === "";
    const text = html
      ? `<html><body>${status}</body></html>`
      : body === undefined
        ? null
        : JSON.stringify(identified(body));
    return {
      delayMs,
      kind: "answer",
      status,
      text,
      headers: {
        // By its own clock: clients correct theirs after it.
        Date: new Date(clockNow()).toUTCString(),
        ...(text !== null && { "Content-Type": html ? "text/html" : "application/json" }),
        ...(service !== "tencentcloud-redis" && { "X-Request-Id": requestId }),
        ...refusal?.headers,
        ...(!refusal && reply?.headers),
      },
    };
  }

  function errorBody({ status, code, message }: Refusal): unknown {
    if (!service) return { error_code: code, error_msg: message, request_id: requestId };
    return SERVICES[service].failure({ status, code, message }, { operation, requestId });
  }

  /** Tencent's request id is a part of its answers. */
  function identified(body: unknown): unknown {
    if (service !== "tencentcloud-redis") return body;
    const { Response } = body as { Response: object };
    return { Response: { ...Response, RequestId: requestId } };
  }
}

function instanceOf({ parameters, body }: Call): string | undefined {
  const target = body.target as { instance_id?: string } | undefined;
  const id = parameters.instance_id ?? body.InstanceId ?? body.instance_id ?? target?.instance_id;
  return typeof id === "string" ? id : undefined;
}
