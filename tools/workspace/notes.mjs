// node tools/workspace/notes.mjs <folder that release:pack filled>: writes what each version's changelog says of it into
// notes/ there, and into notes/list.tsv which tag goes with which file. A version without a changelog is an error.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { root } from "./steps.mjs";

const [folder, ...rest] = process.argv.slice(2);
if (!folder || rest.length > 0) end(2, "usage: node tools/workspace/notes.mjs <folder>");
const list = join(resolve(folder), "release.json");
if (!existsSync(list)) end(1, `${folder} has no release.json: fill it with release:pack`);

// Published packages live in both: the code generator is a tool and a package.
const folders = new Map(["packages", "tools"].flatMap(packagesIn));
const notes = JSON.parse(readFileSync(list, "utf8")).packages.map(({ name, version }, at) => ({
  tag: `${name}@${version}`,
  file: `${at}.md`,
  text: section(join(folders.get(name) ?? end(1, `no package is called ${name}`), "CHANGELOG.md"), version),
}));
mkdirSync(join(folder, "notes"), { recursive: true });
for (const { file, text } of notes) writeFileSync(join(folder, "notes", file), text);
writeFileSync(join(folder, "notes/list.tsv"), notes.map(({ tag, file }) => `${tag}\t${file}\n`).join(""));

function packagesIn(parent) {
  return readdirSync(join(root, parent))
    .map((name) => join(parent, name))
    .filter((folder) => existsSync(join(root, folder, "package.json")))
    .map((folder) => [JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")).name, folder]);
}

/** What stands below `## <version>`, as changesets writes it. */
function section(file, version) {
  const lines = existsSync(join(root, file)) ? readFileSync(join(root, file), "utf8").split("\n") : [];
  const start = lines.indexOf(`## ${version}`);
  if (start < 0) end(1, `${file} has no section for ${version}`);
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith("## "));
  const text = lines.slice(start + 1, length < 0 ? undefined : start + 1 + length);
  return `${text.join("\n").trim()}\n`;
}

function end(code, message) {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}
