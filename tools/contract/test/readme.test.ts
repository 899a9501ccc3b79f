import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { operationsOf } from "../src/bundle.js";
import { loadBundle, SERVICES } from "../src/bundles.js";
import { compile, here, place } from "./compile.js";

const root = `${here}../../`;
/** What the examples take for granted. */
const given = `
declare const secretId: string, secretKey: string, ak: string, sk: string, projectId: string, job_id: string;
declare const Password: string, BackupId: string, instance_id: string, backup_id: string;
declare const name: string, password: string, domain: string;
`;

const readmes = ["README.md", ...readdirSync(`${root}packages`).map((folder) => `packages/${folder}/README.md`)].filter(
  (file) => existsSync(root + file),
);

test.each(readmes)("the examples of %s compile", { timeout: 60_000 }, (file) => {
  const blocks = [...readFileSync(root + file, "utf8").matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code ?? "");
  expect(blocks.length).toBeGreaterThan(0);
  const files = blocks.map((code, index) => {
    const missing = given.replace(/(\w+): string/g, (line, word) =>
      new RegExp(`(const|let) \\{?.*\\b${word}\\b.*=`).test(code) ? `_${word}: string` : line,
    );
    const credentials =
      /credentials,/.test(code) && !/const credentials/.test(code)
        ? "declare const credentials: { token: string };\n"
        : "";
    return place(`${file.replaceAll("/", "-")}-${index}.ts`, `${code}\n${missing}${credentials}export {};\n`);
  });
  expect(compile(file.replaceAll("/", "-"), files)).toEqual({ status: 0, stdout: "" });
});

test.each(SERVICES)("the README of %s lists every operation", (name) => {
  const text = readFileSync(`${root}packages/${name}/README.md`, "utf8");
  const missing = operationsOf(loadBundle(name)).filter(
    ({ operation }) => !text.includes(`| \`${operation.operationId}\` |`),
  );
  expect(missing.map(({ operation }) => operation.operationId)).toEqual([]);
});
