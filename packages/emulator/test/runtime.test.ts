import { spawn } from "node:child_process";
import { build } from "esbuild";
import { expect, test } from "vitest";

// Elsewhere there is no eval, no module of Node, and no hash but WebCrypto's.
const SCRIPT = `
  import { createEmulator } from "@restorekit/emulator";
  import { createClient } from "@restorekit/opentelekomcloud-dcs";
  process.getBuiltinModule = undefined;
  const emulator = createEmulator();
  const { ak, sk, projectId } = emulator.credentials;
  const connect = (sk) => createClient({ region: "eu-de", projectId, credentials: { ak, sk }, fetch: emulator.fetch });
  const [{ id }] = emulator.state.instances("opentelekomcloud-dcs");
  const { status } = await connect(sk).showInstance({ instance_id: id });
  const code = await connect("wrong").showInstance({ instance_id: id }).catch((error) => error.code);
  const listening = await emulator.listen().catch((error) => error.message);
  console.log(status, code, listening);
`;

test.each(["workerd", "browser"])("fetch runs where there is no Node: %s", async (condition) => {
  const { outputFiles } = await build({
    stdin: { contents: SCRIPT, resolveDir: new URL(".", import.meta.url).pathname },
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    conditions: [condition],
    // The only module of Node that the clients name there is workerd's own.
    external: ["node:*", "cloudflare:*"],
    logLevel: "silent",
  });
  const text = outputFiles[0]?.text as string;
  expect(text).not.toMatch(/node:(http|crypto"\))/);
  expect(await run(text)).toBe("RUNNING APIGW.0301 listen needs Node; use fetch here");
});

function run(text: string): Promise<string> {
  const args = ["--disallow-code-generation-from-strings", "--input-type=module", "-"];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.on("error", reject);
    child.on("close", () => resolve(output.trim()));
    child.stdin.end(text);
  });
}
