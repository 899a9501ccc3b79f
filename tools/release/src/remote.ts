const PROBE_MS = 5_000;
const READ_MS = 20_000;

/** What a registry has of one package: the integrity of each version. */
export type Versions = ReadonlyMap<string, string>;

/** A registry that does not answer, or not as one. */
export class RegistryError extends Error {}

/** npm takes more than a minute to find out that a registry is down. @throws {RegistryError} within 5 s */
export async function probe(registry: string): Promise<void> {
  await ask(registry, "-/ping", PROBE_MS);
}

/** The versions of a package that a registry has; none if it does not know the package. @throws {RegistryError} */
export async function versionsOf(registry: string, name: string): Promise<Versions> {
  const answer = await ask(registry, name.replace("/", "%2f"), READ_MS);
  if (answer === undefined) return new Map();
  const { versions } = answer as { versions?: Record<string, { dist: { integrity?: string } }> };
  return new Map(Object.entries(versions ?? {}).map(([version, { dist }]) => [version, dist.integrity ?? "unknown"]));
}

/** @returns nothing where the registry has nothing */
async function ask(registry: string, path: string, patience: number): Promise<unknown> {
  const why = (reason: string) => new RegistryError(`the registry at ${registry} ${reason}`);
  let answer: Response;
  let body: string;
  try {
    answer = await fetch(new URL(path, registry), {
      // A cache on the way must not hide what was published a moment ago.
      headers: { accept: "application/vnd.npm.install-v1+json, application/json", "cache-control": "no-cache" },
      signal: AbortSignal.timeout(patience),
    });
    body = await answer.text();
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } };
    if (name === "TimeoutError") throw why(`did not answer within ${patience / 1000} s`);
    throw why(`cannot be reached: ${cause?.code ?? (error as Error).message}`);
  }
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw why(`answers ${answer.status}`);
  try {
    return JSON.parse(body);
  } catch {
    throw why("does not answer in JSON: is it a registry?");
  }
}
