import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { order, type Problem } from "../problem.js";

/** A file of a service as it was read: its name in messages, its name in the folder, its text. */
export interface SourceFile {
  readonly file: string;
  readonly name: string;
  readonly text: string;
}

const notInput = new Set(["docs.yaml"]);

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
  const names = (await readdir(folder)).filter((name) => !name.startsWith("."));
  for (const name of names.sort(order)) {
    const file = join(folder, name);
    const info = await lstat(file);
    if (info.isSymbolicLink()) refuse(file, "is a symbolic link; specs are plain files");
    else if (!info.isFile()) refuse(file, "is not a plain file");
    else if (notInput.has(name)) continue;
    else if (!name.endsWith(".yaml")) refuse(file, "is not a .yaml file");
    else {
      const text = decode(await readFile(file));
      if (text === undefined) refuse(file, "is not UTF-8 text");
      else sources.push({ file, name, text });
    }
  }
  if (!names.includes("shared.yaml")) refuse(join(folder, "shared.yaml"), "is missing");
  return { sources, problems };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
