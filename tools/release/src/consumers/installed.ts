import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { run } from "../run.ts";

const OURS = /^(@restorekit\/.+|restorekit)$/;

/** Packages as a registry has them: unpacked once each. */
export interface Published {
  /** The version that the registry calls the latest, and the folder of its content. */
  of(name: string): Promise<{ version: string; folder: string }>;
}

/** Fetches what is asked for into a folder. */
export function publishedIn(registry: string, folder: string): Published {
  const known = new Map<string, ReturnType<Published["of"]>>();
  return {
    of(name) {
      const found = known.get(name) ?? fetched(name);
      known.set(name, found);
      return found;
    },
  };

  async function fetched(name: string) {
    const { "dist-tags": tags, versions } = (await (await ask(name.replace("/", "%2f"))).json()) as {
      "dist-tags": { latest: string };
      versions: Record<string, { dist: { tarball: string } }>;
    };
    const version = tags.latest;
    const into = join(folder, name.replace("/", "+"));
    mkdirSync(into, { recursive: true });
    const tarball = await ask(versions[version]?.dist.tarball ?? "");
    writeFileSync(join(into, "package.tgz"), Buffer.from(await tarball.arrayBuffer()));
    await run(["tar", "-xzf", "package.tgz"], { cwd: into });
    return { version, folder: join(into, "package") };
  }

  async function ask(path: string) {
    const answer = await fetch(new URL(path, registry), { signal: AbortSignal.timeout(20_000) });
    if (!answer.ok) throw new Error(`the registry answers ${answer.status} for ${path}`);
    return answer;
  }
}

/**
 * What is wrong with the packages of ours that are installed below a project: each has to be there once, and to be byte
 * by byte what the registry has as its latest version.
 */
export async function wrongInstalls(project: string, published: Published): Promise<string[]> {
  const found = packagesBelow(realpathSync(project));
  const names = [...new Set(found.map(({ name }) => name))].sort();
  if (names.length === 0) return ["no package of ours is installed"];
  const wrong: string[] = [];
  for (const name of names) {
    const copies = found.filter((one) => one.name === name);
    const [copy] = copies;
    if (!copy) continue;
    if (copies.length > 1) {
      wrong.push(`${name} is installed ${copies.length} times: ${copies.map(({ folder }) => folder).join(", ")}`);
    } else if (copy.outside) wrong.push(`${name} is a link to ${copy.folder}`);
    else {
      const difference = differing(copy, await published.of(name));
      if (difference) wrong.push(`${name} ${difference}`);
    }
  }
  return wrong;
}

interface Copy {
  name: string;
  version: string;
  folder: string;
  /** Reached by a link that leads out of the project. */
  outside: boolean;
}

function packagesBelow(project: string): Copy[] {
  const found: Copy[] = [];
  look(project);
  return found;

  function look(folder: string) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        note(path, false);
        look(path);
      } else if (entry.isSymbolicLink() && existsSync(path)) {
        const target = realpathSync(path);
        // Links within the project lead to what is found anyway.
        if (relative(project, target).split(sep)[0] === "..") note(target, true);
      }
    }
  }

  function note(folder: string, outside: boolean) {
    const { name = "", version = "" } = manifestOf(folder);
    if (OURS.test(name)) found.push({ name, version, folder, outside });
  }
}

/** Of a folder that is no package, or a broken one, nothing. */
function manifestOf(folder: string): { name?: string; version?: string } {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  } catch {
    return {};
  }
}

function differing({ version, folder }: Copy, latest: { version: string; folder: string }): string | undefined {
  if (version !== latest.version) return `is installed as ${version}; the registry has ${latest.version}`;
  const file = readdirSync(latest.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(latest.folder, join(entry.parentPath, entry.name)))
    .find((file) => {
      const installed = join(folder, file);
      return !existsSync(installed) || !readFileSync(installed).equals(readFileSync(join(latest.folder, file)));
    });
  return file && `has another ${file} than the registry`;
}
