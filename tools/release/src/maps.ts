import { existsSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, join } from "node:path";
import { filesIn, type Unpacked } from "./unpack.ts";

const DECLARES = /^(?:export )?(?:async )?(?:function|class|const) (\w+)/;

/**
 * Every script and declaration that names a source map must bring it, every map must bring its sources, and every
 * script with code must have one.
 * @returns one line per problem
 */
export function mapsBroken({ packed: { name }, folder }: Unpacked): string[] {
  return filesIn(folder)
    .filter(({ file }) => /\.(js|d\.ts)$/.test(file))
    .flatMap(({ file }) => problems(join(folder, file)).map((problem) => `${name}: ${file}: ${problem}`));
}

function problems(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const [, named] = /^\/\/# sourceMappingURL=(.+)$/m.exec(text) ?? [];
  if (named === undefined) return file.endsWith(".js") ? ["has no source map"] : [];
  const place = join(dirname(file), named);
  if (!existsSync(place)) return [`names ${named}, which is not in the tarball`];
  const map = JSON.parse(readFileSync(place, "utf8"));
  const sources = new Map<string, string | undefined>(
    (map.sources as string[]).map((source, at) => [
      source,
      map.sourcesContent?.[at] ?? shipped(join(dirname(place), source)),
    ]),
  );
  const absent = [...sources].filter(([, content]) => content === undefined).map(([source]) => source);
  if (absent.length > 0) return [`its sources are neither in the map nor in the tarball: ${absent.join(", ")}`];
  return misled(text, new SourceMap(map), sources);
}

function shipped(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** The first thing that a script declares must be on the line of its source that the map says. */
function misled(text: string, map: SourceMap, sources: ReadonlyMap<string, string | undefined>): string[] {
  const lines = text.split("\n");
  const at = lines.findIndex((line) => DECLARES.test(line));
  if (at < 0) return [];
  const line = lines[at] ?? "";
  const [, name = ""] = DECLARES.exec(line) ?? [];
  const entry = map.findEntry(at, line.indexOf(name));
  const original = "originalSource" in entry ? sources.get(entry.originalSource)?.split("\n")[entry.originalLine] : "";
  return original?.includes(name) ? [] : [`its map does not lead to ${name}`];
}
