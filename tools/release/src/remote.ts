import { newest } from "./version.ts";

const PROBE_MS = 5_000;
const READ_MS = 20_000;

/** What a registry has of one package. */
export interface Known {
  /** The integrity of each version. */
  readonly versions: ReadonlyMap<string, string>;
  /** The version that nothing older may be published after as `latest`; undefined where there is none yet. */
  readonly newest: string | undefined;
}

/** A registry that does not answer, or not as one. */
export class RegistryError extends Error {}

/** npm takes more than a minute to find out that a registry is down. @throws {RegistryError} within 5 s */
export async function probe(registry: string): Promise<void> {
  const { status } = await get(registry, "-/ping", PROBE_MS);
  // Not every registry knows this path, but one that says so is there.
  if (status >= 500) throw new RegistryError(`the registry at ${registry} answers ${status}`);
}

/** What a registry has of a package; nothing if it does not know it. @throws {RegistryError} */
export async function knownOf(registry: string, name: string): Promise<Known> {
  const { status, body } = await get(registry, name.replace("/", "%2f"), READ_MS);
  if (status === 404) return { versions: new Map(), newest: undefined };
  if (status !== 200) throw new RegistryError(`the registry at ${registry} answers ${status}, asked for ${name}`);
  const strange = (what: string) => new RegistryError(`the registry at ${registry}, asked for ${name}: ${what}`);
  const answer = parsed(body, strange);
  const all = Object.entries(partOf(answer, "versions", strange));
  const latest = partOf(answer, "dist-tags", strange).latest;
  // npm looks at the highest that is not deprecated, and users get what the tag says.
  const open = all.filter(([, about]) => !isObject(about) || !about.deprecated).map(([version]) => version);
  return {
    versions: new Map(
      all.map(([version, about]) => {
        const integrity = isObject(about) && isObject(about.dist) ? (about.dist.integrity ?? "unknown") : undefined;
        if (typeof integrity !== "string") throw strange(`${version} has no dist`);
        return [version, integrity];
      }),
    ),
    newest: newest(typeof latest === "string" ? [...open, latest] : open),
  };
}

async function get(registry: string, path: string, patience: number): Promise<{ status: number; body: string }> {
  try {
    const answer = await fetch(new URL(path, registry), {
      // A cache on the way must not hide what was published a moment ago.
      headers: { accept: "application/vnd.npm.install-v1+json, application/json", "cache-control": "no-cache" },
      signal: AbortSignal.timeout(patience),
    });
    return { status: answer.status, body: await answer.text() };
  } catch (error) {
    const { name, message, cause } = error as Error & { cause?: { code?: string } };
    const why = name === "TimeoutError" ? `did not answer within ${patience / 1000} s` : undefined;
    throw new RegistryError(`the registry at ${registry} ${why ?? `cannot be reached: ${cause?.code ?? message}`}`);
  }
}

type Strange = (what: string) => RegistryError;

function parsed(body: string, strange: Strange): Record<string, unknown> {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    throw strange("it does not answer in JSON: is it a registry?");
  }
  if (!isObject(answer)) throw strange("it answers no object: is it a registry?");
  return answer;
}

/** Empty where the answer lacks it: a package whose versions were all taken back. */
function partOf(answer: Record<string, unknown>, key: string, strange: Strange): Record<string, unknown> {
  const part = answer[key] ?? {};
  if (!isObject(part)) throw strange(`${key} is no object`);
  return part;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
