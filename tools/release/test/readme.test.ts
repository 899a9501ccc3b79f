import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../src/run.js";
import { folderWith } from "./fixtures.js";

const root = join(import.meta.dirname, "../../..");

// As long as nothing is published, it is the only way to try them.
test("the command of the README packs every public package, and no other", { timeout: 60_000 }, async () => {
  const [command = ""] = /^npx pnpm .* pack .*$/m.exec(readFileSync(join(root, "README.md"), "utf8")) ?? [];
  const folder = folderWith({});
  await run(["sh", "-c", command.replace('"$PWD/../tarballs"', folder)], { cwd: root });
  const packed = readdirSync(folder).map((file) => file.replace(/-\d[^-]*\.tgz$/, ""));
  const reviewed = readdirSync(join(root, "tools/release/tarballs")).map((file) => file.replace(/\.txt$/, ""));
  expect(packed.sort()).toEqual(reviewed.sort());
});

/** The place of each heading, as GitHub names it. */
const headings = (text: string) =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );

test("links within the repository lead somewhere", async () => {
  const listed = await run(["git", "ls-files", "*.md"], { cwd: root });
  // Pages made up for the page checker link as a vendor's site does.
  const files = listed
    .trim()
    .split("\n")
    .filter((file) => !file.startsWith("tools/docs/test/"));
  const lost = files.flatMap((file) => {
    const text = readFileSync(join(root, file), "utf8").replace(/```[\s\S]*?```/g, "");
    const links = [...text.matchAll(/\]\((?![a-z]+:)([^)\s]+)\)/g)].map(([, link = ""]) => link);
    return links.filter((link) => !leads(file, link)).map((link) => `${file}: ${link}`);
  });
  expect(files).toContain("README.md");
  expect(lost).toEqual([]);
});

function leads(file: string, link: string) {
  const [path = "", heading] = link.split("#");
  const target = path === "" ? join(root, file) : join(root, dirname(file), path);
  if (heading === undefined) return existsSync(target);
  const page = target.endsWith(".md") ? target : join(target, "README.md");
  return existsSync(page) && headings(readFileSync(page, "utf8")).includes(heading);
}
