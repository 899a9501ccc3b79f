import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { order, type Problem } from "../problem.js";
import { parseSource, type SourceFile } from "./document.js";

/** Notes about the pages, where a service has them: here they only have to be YAML. */
const notes = "docs.yaml";
const shared = "shared.yaml";
const serviceName = /^[a-z][a-z0-9-]*$/;

/** Reads the documents of one service. Links are refused: a spec is exactly what its folder holds. */
export async function readFolder(
  specs: string,
  service: string,
): Promise<{ sources: SourceFile[]; problems: Problem[] }> {
  const folder = join(specs, service);
  const sources: SourceFile[] = [];
  const problems: Problem[] = [];
  const refuse = (file: string, message: string) =>
    problems.push({ file, line: 1, place: "file", message, fatal: true });

  const self = await lstat(folder).catch(() => undefined);
  if (!self?.isDirectory()) {
    refuse(folder, self?.isSymbolicLink() ? "is a symbolic link; specs are plain folders" : "there is no such folder");
    return { sources, problems };
  }
  if (!serviceName.test(service)) {
    refuse(folder, "is no name of a service: expected lower-case letters, digits and -, a letter first");
    return { sources, problems };
  }
  const names = (await readdir(folder)).filter((name) => !name.startsWith("."));
  for (const name of names.sort(order)) {
    const file = join(folder, name);
    const info = await lstat(file);
    if (info.isSymbolicLink()) refuse(file, "is a symbolic link; specs are plain files");
    else if (!info.isFile()) refuse(file, "is not a plain file");
    else if (!name.endsWith(".yaml")) refuse(file, "is not a .yaml file");
    else {
      const text = decode(await readFile(file));
      if (text === undefined) refuse(file, "is not UTF-8 text");
      else if (name === notes) problems.push(...parseSource({ file, name, text }, new WeakMap()).problems);
      else sources.push({ file, name, text });
    }
  }
  if (!names.includes(shared)) refuse(join(folder, shared), "is missing: every service has one");
  else if (names.every((name) => name === shared || name === notes)) {
    refuse(folder, `holds no operation: each has a document of its own beside ${shared}`);
  }
  return { sources, problems };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
