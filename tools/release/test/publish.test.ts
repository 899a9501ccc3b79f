import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { describe, expect, onTestFinished, test } from "vitest";
import { digest } from "../src/digest.js";
import { type PackedSet, pack, readSet, root, writeSet } from "../src/pack.js";
import { stands } from "../src/plan.js";
import { startRegistry } from "../src/registry.js";
import { probe, RegistryError } from "../src/remote.js";
import { ended, run } from "../src/run.js";
import { publishSet } from "../src/send.js";
import { tagSet } from "../src/tags.js";
import { commit, type Fixture, folderWith, git, packedAs, packedSet, setOf, workspaceWith } from "./fixtures.js";
import { registryOrReason, useRegistry } from "./local-registry.js";

const { registry, reason } = await registryOrReason();
const url = registry?.url ?? "";
useRegistry(registry);

/** Three packages in a row; each test has names of its own, since they share a registry. */
const chain = (label: string): Fixture[] => [
  { name: `@restorekit/${label}-c`, needs: [`@restorekit/${label}-b`] },
  { name: `@restorekit/${label}-b`, needs: [`@restorekit/${label}-a`] },
  { name: `@restorekit/${label}-a` },
];
const standings = async (set: PackedSet) => {
  return (await stands(url, set.packages)).map(({ standing }) => standing);
};
const silent = () => {};

describe("packing", { concurrent: true, timeout: 30_000 }, () => {
  test("makes the same bytes of the same commit, and knows their digest", async () => {
    const workspace = await workspaceWith(chain("bytes"));
    const [one, two] = [await pack(workspace, folderWith({})), await pack(workspace, folderWith({}))];
    expect(one.packages).toEqual(two.packages);
    expect(one.packages.map(({ file }) => digest(join(two.folder, file)))).toEqual(
      one.packages.map(({ integrity }) => integrity),
    );
  });

  test("takes every public package, dependencies first, and only what a user needs of its manifest", async () => {
    const set = await packedSet(chain("order"));
    expect(set.packages.map(({ name }) => name)).toEqual(["a", "b", "c"].map((end) => `@restorekit/order-${end}`));
    const file = join(set.folder, set.packages[1]?.file ?? "");
    const manifest = JSON.parse(execFileSync("tar", ["-xzOf", file, "package/package.json"], { encoding: "utf8" }));
    expect(manifest.dependencies).toEqual({ "@restorekit/order-a": "^0.1.0" });
    expect(Object.keys(manifest)).not.toContain("devDependencies");
    expect(Object.keys(manifest)).not.toContain("scripts");
  });

  test("takes nothing that an older build left", async () => {
    const more = { files: ["dist"], scripts: { build: "rm -rf dist && mkdir dist && cp index.js dist" } };
    const workspace = await workspaceWith([{ name: "@restorekit/left", more }]);
    writeFileSync(join(workspace, "turbo.json"), '{ "tasks": { "build": { "outputs": ["dist/**"] } } }\n');
    // Else turbo takes what was built for a source, and builds again.
    writeFileSync(join(workspace, ".gitignore"), "node_modules\n.turbo\ndist\n");
    const files = async () => (await pack(workspace, folderWith({}))).packages.map(({ files }) => files);
    const built = [["dist/index.js", "package.json"]];
    expect(await files()).toEqual(built);
    writeFileSync(join(workspace, "packages/left/dist/left.js"), "");
    expect(await files()).toEqual(built);
    // And what is built anew, from a folder that is not empty, is not kept with it.
    writeFileSync(join(workspace, "packages/left/dist/left.js"), "");
    writeFileSync(join(workspace, "packages/left/index.js"), "export const x = 2;\n");
    expect(await files()).toEqual(built);
    expect(await files()).toEqual(built);
  });

  test("builds every public package into an empty folder", async () => {
    const listed = JSON.parse(await run(["pnpm", "ls", "-r", "--depth", "-1", "--json"], { cwd: root }));
    const open: { path: string }[] = listed.filter((one: { private: boolean }) => !one.private);
    expect(open.length).toBeGreaterThan(5);
    for (const { path } of open) {
      const { scripts } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
      expect(scripts.build, path).toMatch(/^rm -rf dist && /);
    }
  });

  test("for another job is noticed when a tarball has changed on the way", async () => {
    const set = await packedSet(chain("job"));
    writeSet(set);
    expect(readSet(set.folder)).toEqual(set);
    writeFileSync(join(set.folder, set.packages[0]?.file ?? ""), "other");
    expect(() => readSet(set.folder)).toThrow(/job-a.*is not the @restorekit\/job-a that was packed/);
  });

  test.each([
    [{}, /has no release\.json: fill it with release:pack$/],
    [{ "release.json": "{" }, /release\.json: Expected property name/],
    [{ "release.json": "null" }, /release\.json names no packages$/],
    [{ "release.json": '{ "packages": [] }' }, /release\.json names no packages$/],
    [
      { "release.json": JSON.stringify({ packages: [packedAs("it")] }) },
      /it\.tgz is not there, and release\.json names it$/,
    ],
  ])("for another job is no set: %j", (files, error) => {
    expect(() => readSet(folderWith(files))).toThrow(error);
  });

  test("refuses a package that needs what is never published, and a workspace without any", async () => {
    const needy = await workspaceWith([{ name: "@restorekit/needy", needs: ["@restorekit/private"] }]);
    await expect(pack(needy, folderWith({}))).rejects.toThrow(
      "what is private is never published: @restorekit/needy needs @restorekit/private",
    );
    await expect(pack(await workspaceWith([]), folderWith({}))).rejects.toThrow("there is nothing to pack");
  });

  test.each([
    [{ name: "--registry=http://127.0.0.1" }],
    [{ name: "@restorekit/../x" }],
    [{ version: "latest" }],
    [{ file: "../other.tgz" }],
    [{ file: "--tag" }],
  ])("for another job is noticed when its list says %j", (odd) => {
    const folder = folderWith({ "release.json": JSON.stringify({ commit: "0", packages: [packedAs("it", odd)] }) });
    expect(() => readSet(folder)).toThrow("release.json is not as it was written: {");
  });
});

describe.skipIf(registry === undefined)(`publishing ${reason}`, { concurrent: true, timeout: 60_000 }, () => {
  test("sends all, one after the other, dependencies first; again, nothing", async () => {
    const set = await packedSet(chain("all"));
    const sent = await publishSet(url, set, silent);
    expect(sent).toEqual(set.packages);
    expect(await standings(set)).toEqual(["there", "there", "there"]);
    const times = await Promise.all(set.packages.map(({ name }) => publishedAt(name)));
    expect(times).toEqual([...times].sort());
    expect(await publishSet(url, set, silent)).toEqual([]);
  });

  test("that was interrupted between two packages goes on where it stopped", async () => {
    const set = setOf(chain("half"));
    const interrupted = publishSet(url, set, () => {
      throw new Error("interrupted");
    });
    await expect(interrupted).rejects.toThrow("interrupted");
    expect(await standings(set)).toEqual(["there", "lacking", "lacking"]);
    expect(await publishSet(url, set, silent)).toEqual(set.packages.slice(1));
  });

  test("sends nothing if one version is there with other content", async () => {
    const first = setOf(chain("other"));
    await publishSet(url, { ...first, packages: first.packages.slice(0, 1) }, silent);
    const second = setOf(chain("other").map((one) => ({ ...one, code: "export const x = 2;\n" })));
    await expect(publishSet(url, second, silent)).rejects.toThrow(/nothing was published.*\n.*other-a@0\.1\.0/);
    expect(await standings(second)).toEqual(["different", "lacking", "lacking"]);
  });

  test("a prerelease does not become what everybody installs", async () => {
    const [name, stable] = ["@restorekit/pre", "0.1.0"];
    await publishSet(url, setOf([{ name, version: stable }]), silent);
    await publishSet(url, setOf([{ name, version: "0.2.0-next.0" }]), silent);
    const { "dist-tags": tags } = await (await fetch(new URL(name, url))).json();
    expect(tags).toEqual({ latest: stable, next: "0.2.0-next.0" });
  });

  test("sends nothing if a newer version of one is there", async () => {
    const [name] = ["@restorekit/newer-c"];
    await publishSet(url, setOf([{ name, version: "0.2.0" }]), silent);
    const set = setOf(chain("newer"));
    await expect(publishSet(url, set, silent)).rejects.toThrow(/newer-c@0\.1\.0 {3}\(the registry has 0\.2\.0\)/);
    expect(await standings(set)).toEqual(["lacking", "lacking", "lacking"]);
  });

  test("waits for a registry that has taken all and then does not answer for a while", async () => {
    let failing = 0;
    const said: string[] = [];
    const through = await faulty(({ method }, sent) => {
      if (method === "PUT") failing = 2;
      else if (sent && failing-- > 0) return 503;
      return undefined;
    });
    const set = setOf([{ name: "@restorekit/late" }]);
    expect(await publishSet(through, set, (line) => said.push(line))).toEqual(set.packages);
    expect(said.filter((line) => line.includes("answers 503"))).toHaveLength(2);
    expect(await standings(set)).toEqual(["there"]);
  });

  test("says why the registry refused, even if it answers nothing more", async () => {
    const through = await faulty(({ method }, sent) => (method === "PUT" ? 403 : sent ? 503 : undefined));
    await expect(publishSet(through, setOf(chain("refused")), silent)).rejects.toThrow(/npm publish.*\n.*E403/);
  });

  test("gives up where what is sent is never answered, and says what is left", async () => {
    const through = await faulty(({ method }) => (method === "PUT" ? "silence" : undefined));
    const patience = { answerMs: 300, settleMs: 0 };
    const publishing = publishSet(through, setOf(chain("mute")), silent, patience);
    await expect(publishing).rejects.toThrow("0 of 3 were published; run it again for @restorekit/mute-a@0.1.0");
  });

  test("says what is left when the registry goes away in between", async () => {
    const other = await startRegistry({ progress: silent });
    const set = setOf(chain("gone"));
    // npm publishes nothing without a token.
    process.env[`npm_config_${other.url.slice("http:".length)}:_authToken`] = "local";
    const stopped: Promise<void>[] = [];
    const publishing = publishSet(other.url, set, () => void stopped.push(other.stop()));
    await expect(publishing).rejects.toThrow("1 of 3 were published; run it again for @restorekit/gone-b@0.1.0");
    await Promise.all(stopped);
  });
});

describe("a registry that is down", { concurrent: true }, () => {
  test("is noticed at once where nothing listens", async () => {
    await expect(probe("http://127.0.0.1:9/")).rejects.toThrow(
      "the registry at http://127.0.0.1:9/ cannot be reached: ",
    );
  });

  test("is noticed within 5 s where nothing answers", { timeout: 8_000 }, async () => {
    const silentServer = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => silentServer.once("listening", resolve));
    const { port } = silentServer.address() as { port: number };
    const started = performance.now();
    await expect(probe(`http://127.0.0.1:${port}/`)).rejects.toThrow(RegistryError);
    expect(performance.now() - started).toBeLessThan(6_000);
    silentServer.close();
  });
});

describe("tags", { concurrent: true, timeout: 30_000 }, () => {
  test("are annotated, at the packed commit, and made once", async () => {
    const workspace = await workspaceWith([{ name: "@restorekit/tagged" }]);
    await git(workspace, "config", "user.name", "test");
    await git(workspace, "config", "user.email", "test@localhost");
    const set = await pack(workspace, folderWith({}));
    writeFileSync(join(workspace, "later"), "");
    await commit(workspace, "later");
    expect(await tagSet(workspace, set)).toEqual(["@restorekit/tagged@0.1.0"]);
    expect((await git(workspace, "cat-file", "-t", "@restorekit/tagged@0.1.0")).trim()).toBe("tag");
    expect((await git(workspace, "rev-parse", "@restorekit/tagged@0.1.0^{commit}")).trim()).toBe(set.commit);
    expect(await tagSet(workspace, set)).toEqual([]);
  });
});

describe("the commands", { timeout: 30_000 }, () => {
  const command = (name: string, ...args: string[]) => {
    return ended([process.execPath, join(import.meta.dirname, "../dist", `${name}.js`), ...args]);
  };

  test.each(["check", "pack-set", "publish", "rehearse", "size-report", "verify"])(
    "%s refuses unknown flags",
    async (name) => {
      const { code, stdout, output } = await command(name, "--nope");
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(output).toMatch(/^Unknown option '--nope'.*\n\nrelease:/);
    },
  );

  test.each(["check", "pack-set", "publish", "rehearse", "size-report", "verify"])(
    "%s --help is its usage",
    async (name) => {
      const { code, stdout, output } = await command(name, "--help");
      expect({ code, output }).toEqual({ code: 0, output: stdout });
      expect(stdout).toMatch(/^release:[a-z]+ .+\n\n[A-Z]/);
    },
  );

  test("verify ends at once without a registry", async () => {
    const { code, stdout, output } = await command("verify", "--registry", "http://127.0.0.1:9/");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(output).toContain("release:verify: the registry at http://127.0.0.1:9/ cannot be reached");
  });
});

/**
 * The registry behind a line that fails: `fault` says for each request what comes instead of its answer.
 * @returns its address, for which npm has a token
 */
async function faulty(fault: (request: IncomingMessage, sent: boolean) => number | "silence" | undefined) {
  let sent = false;
  const server = createHttpServer(async (request, answer) => {
    const instead = fault(request, sent);
    if (request.method === "PUT") sent = true;
    if (instead === "silence") return;
    if (instead !== undefined) return void answer.writeHead(instead).end("{}");
    const body = request.method === "PUT" ? await buffer(request) : undefined;
    const headers = { "content-type": "application/json", authorization: request.headers.authorization ?? "" };
    const { status, ...real } = await fetch(new URL(request.url ?? "", url), {
      method: request.method ?? "GET",
      headers,
      ...(body ? { body } : {}),
    }).then(async (response) => ({ status: response.status, text: await response.text() }));
    answer.writeHead(status, { "content-type": "application/json" }).end(real.text);
  }).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env[`npm_config_//${host}/:_authToken`] = "local";
  return `http://${host}/`;
}

async function publishedAt(name: string): Promise<string> {
  const { time } = await (await fetch(new URL(name, url))).json();
  return time["0.1.0"];
}
