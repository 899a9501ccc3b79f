const PROBE_MS = 5_000;
const READ_MS = 20_000;

/** What a registry has of one package: the integrity of each version. */
export type Versions = ReadonlyMap<string, string>;

/** A registry that does not answer, or not as one. */
export class RegistryError extends Error {}

/** npm takes more than a minute to find out that a registry is down. @throws {RegistryError} within 5 s */
export async function probe(registry: string): Promise<void> {
  const { status } = await get(registry, "-/ping", PROBE_MS);
  // Not every registry knows this path, but one that says so is there.
  if (status >= 500) throw new RegistryError(`the registry at ${registry} answers ${status}`);
}

/** The versions of a package that a registry has; none if it does not know the package. @throws {RegistryError} */
export async function versionsOf(registry: string, name: string): Promise<Versions> {
  const { status, body } = await get(registry, name.replace("/", "%2f"), READ_MS);
  if (status === 404) return new Map();
  if (status !== 200) throw new RegistryError(`the registry at ${registry} answers ${status}, asked for ${name}`);
  const { versions } = parsed(registry, body) as { versions?: Record<string, { dist: { integrity?: string } }> };
  return new Map(Object.entries(versions ?? {}).map(([version, { dist }]) => [version, dist.integrity ?? "unknown"]));
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

function parsed(registry: string, body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new RegistryError(`${registry} does not answer in JSON: is it a registry?`);
  }
}
