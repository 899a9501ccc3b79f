import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join, relative } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { install, root, type Stranger } from "./stranger.js";

const installed = install();
const missing = typeof installed === "string" ? installed : undefined;
const { folder, run } = installed as Stranger;
const client = "src/generated/opentelekomcloud-cbr";
/** What `npx` would find, without asking it again and again. */
const generate = ["node_modules/.bin/restorekit-codegen", "specs", "--out", "src/generated"] as const;
const compile = ["node_modules/.bin/tsc", "-p", "."] as const;

afterAll(() => {
  if (missing === undefined) rmSync(join(folder, ".."), { recursive: true, force: true });
}, 60_000);

const title = missing === undefined ? "outside of the workspace" : `skipped: ${missing}`;
describe.skipIf(missing !== undefined)(title, { timeout: 120_000 }, () => {
  test("the tarball holds the program, the vocabulary and the template, and nothing else", () => {
    const files = filesIn(join(folder, "node_modules/@restorekit/codegen")).filter(
      (file) => !file.startsWith("node_modules/"),
    );
    expect(files.filter((file) => !file.startsWith("dist/"))).toEqual([
      "LICENSE",
      "README.md",
      "package.json",
      "template/create-note.yaml",
      "template/shared.yaml",
      "template/show-note.yaml",
      "vocabulary.schema.json",
    ]);
    expect(files.filter((file) => file.includes("/second/"))).toEqual([]);
  });

  test("what the example commits is generated, byte for byte, and again", () => {
    const committed = textsIn(join(root, "examples/own-specs", client));
    expect(Object.keys(committed)).toEqual(["client.ts", "openapi.json", "operations.ts", "types.ts"]);
    const npm = ["npm", "run", "--silent", "generate"] as const;
    for (const [program, ...args] of [npm, generate]) {
      rmSync(join(folder, "src/generated"), { recursive: true });
      const { status, stderr } = run(program, ...args);
      expect(status, stderr).toBe(0);
      expect(textsIn(join(folder, client))).toEqual(committed);
    }
  });

  test("check names what is stale", () => {
    const file = join(folder, "specs/opentelekomcloud-cbr/restore-backup.yaml");
    const text = readFileSync(file, "utf8");
    expect(run("npm", "run", "--silent", "check")).toMatchObject({ status: 0 });
    writeFileSync(file, text.replace("x-effect: overwrites", "x-effect: changes"));
    const { status, stderr } = run(...generate, "--check");
    writeFileSync(file, text);
    expect(stderr).toBe(`${client}/openapi.json: stale\n${client}/operations.ts: stale\n`);
    expect(status).toBe(1);
  });

  test("the example compiles, signs, and does not send again what got no answer", () => {
    const { status, stdout, stderr } = run("npm", "test", "--silent");
    expect(status, stdout + stderr).toBe(0);
    expect(stdout).toContain("with a wrong key: opentelekomcloud-cbr restoreBackup: APIGW.0301");
    expect(stdout).toMatch(/with a lost answer: .+ executed: maybe\ntask found running, ended: succeeded\n/);
    expect(stdout).toContain("requests to restore: 1\n");
  });

  test("the template gives a client for each way to authenticate", async () => {
    for (const [name, { scheme, needs = `[{ ${name}: [] }]` }] of Object.entries(ways)) {
      writeSpec(join(folder, `specs/notes-${name.toLowerCase()}`), scheme, needs);
    }
    const { status, stderr } = run(...generate);
    expect(status, stderr).toBe(0);
    writeFileSync(join(folder, "src/ways.ts"), program);
    const compiled = run(...compile);
    expect(compiled.status, compiled.stdout).toBe(0);

    const { heads, stdout } = await callAll();
    expect(heads).toEqual({
      bearer: { authorization: "Bearer t-1" },
      headerToken: { "x-key": "t-1" },
      own: { authorization: "Hawk GET t-1" },
      open: {},
    });
    // What is wrong with a token is said without the token.
    const unsigned = "TransportError: notes-bearer showNote: the request could not be signed: token is";
    expect(stdout).toBe(`${unsigned} malformed\n${unsigned} missing\n`);
  });
});

describe.skipIf(missing !== undefined)(`docs/own-specs.md, ${title}`, { timeout: 120_000 }, () => {
  const page = readFileSync(join(root, "docs/own-specs.md"), "utf8");
  const blocks = (language: string) =>
    [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(([, code]) => code as string);

  test("the README shows the same commands", () => {
    const readme = readFileSync(join(root, "tools/codegen/README.md"), "utf8");
    expect(readme).toContain(`\`\`\`sh\n${blocks("sh")[0]}\`\`\``);
    expect(readme).toContain(`\`\`\`ts\n${blocks("ts")[0]}\`\`\``);
  });

  test("its example is of an operation that our client does not have", () => {
    const [id] = blocks("yaml").flatMap((text) => /operationId: (\w+)/.exec(text)?.[1] ?? []);
    expect(id).toBeDefined();
    const ours = textsIn(join(root, "specs/tencentcloud-redis"));
    expect(Object.keys(ours).filter((file) => ours[file]?.includes(`operationId: ${id}\n`))).toEqual([]);
  });

  test("its commands run, and its examples generate and compile", () => {
    const place = join(folder, "..", "page");
    mkdirSync(join(place, "src"), { recursive: true });
    symlinkSync(join(folder, "node_modules"), join(place, "node_modules"));
    for (const file of ["package.json", "tsconfig.json"]) cpSync(join(folder, file), join(place, file));
    const sh = (commands: string) => run("sh", "-e", "-c", `cd ${place}\n${commands.replace(/^npm install.*$/gm, "")}`);
    const [begin, check] = blocks("sh") as [string, string];
    expect(sh(begin)).toMatchObject({ status: 0 });

    writeSpec(join(place, "specs/example-vault"), "own: { type: http, scheme: example }", "[{ own: [] }]");
    for (const text of blocks("yaml")) {
      const file = join(place, text.slice(2, text.indexOf("\n")));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    expect(sh(check).status).toBe(1);
    expect(sh(begin.split("\n").at(-2) as string)).toMatchObject({ status: 0 });
    expect(sh(check)).toMatchObject({ status: 0 });

    const redis = `import { createClient } from "./generated/my-redis/client.js";
      const redis = createClient({ region: "ap-guangzhou", credentials: { secretId: "a", secretKey: "b" } });
      const { InstanceParamHistory } = await redis.describeInstanceParamRecords({ InstanceId: "i" });
      const before: string | undefined = InstanceParamHistory?.[0]?.PreValue;
      console.log(before);`;
    for (const [index, code] of [...blocks("ts"), redis].entries()) writeFileSync(join(place, `src/${index}.ts`), code);
    const compiled = sh(compile.join(" "));
    expect(compiled.status, compiled.stdout).toBe(0);
  });
});

const ways: Record<string, { scheme: string; needs?: string }> = {
  bearer: { scheme: "bearer: { type: http, scheme: bearer }" },
  headerToken: { scheme: "headerToken: { type: apiKey, in: header, name: X-Key }" },
  own: { scheme: "own: { type: http, scheme: hawk }" },
  open: { scheme: "bearer: { type: http, scheme: bearer }", needs: "[]" },
};

/** The template in a folder of this name, with another scheme. */
function writeSpec(service: string, scheme: string, needs: string) {
  cpSync(join(folder, "node_modules/@restorekit/codegen/template"), service, { recursive: true });
  const shared = join(service, "shared.yaml");
  const text = readFileSync(shared, "utf8")
    .replace("security: [{ bearer: [] }]", `security: ${needs}`)
    .replace(/bearer: \{ type: http.*/, scheme);
  writeFileSync(shared, text);
}

const program = `
import type { Scheme } from "@restorekit/core/signing";
import { createClient as bearer } from "./generated/notes-bearer/client.js";
import { createClient as headerToken } from "./generated/notes-headertoken/client.js";
import { createClient as open } from "./generated/notes-open/client.js";
import { createClient as own } from "./generated/notes-own/client.js";

const hawk: Scheme<{ id: string }> = {
  id: "hawk",
  async sign({ method, headers }, { credentials }) {
    headers.set("authorization", \`Hawk \${method} \${credentials.id}\`);
  },
};
const at = (name: string) => ({ endpoint: \`\${process.argv[2]}/\${name}\` });
const credentials = { token: "t-1" };
await bearer({ ...at("bearer"), credentials }).showNote({ note_id: "n-1" });
await headerToken({ ...at("headerToken"), credentials }).showNote({ note_id: "n-1" });
await own({ ...at("own"), credentials: { id: "t-1" } }, hawk).showNote({ note_id: "n-1" });
const { id, text } = await open(at("open")).showNote({ note_id: "n-1" });
// @ts-expect-error a note has no title
const title: string = [id, text].title;
for (const token of ["t-1\\n", ""]) {
  await bearer({ ...at("none"), credentials: { token } }).showNote({ note_id: "n-1" }).catch((e) => console.log(String(e)));
}
`;

/** Runs the program against a server that notes what came in which header. */
async function callAll() {
  const heads: Record<string, object> = {};
  const server = createServer(({ url = "", headers: { authorization, "x-key": key } }, response) => {
    heads[url.split("/")[1] as string] = { ...(authorization && { authorization }), ...(key && { "x-key": key }) };
    response.writeHead(200, { "content-type": "application/json" }).end('{ "id": "n-1", "text": "Buy milk" }');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const child = spawn(process.execPath, ["dist/ways.js", endpoint], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let stdout = "";
  for await (const chunk of child.stdout) stdout += chunk;
  server.close();
  return { heads, stdout };
}

function filesIn(directory: string): string[] {
  const entries = readdirSync(directory, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort();
}

function textsIn(directory: string): Record<string, string> {
  return Object.fromEntries(filesIn(directory).map((file) => [file, readFileSync(join(directory, file), "utf8")]));
}
