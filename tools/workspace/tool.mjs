// node tools/workspace/tool.mjs <folder of tools/>/<entry> [args…]: builds what the tool needs, then runs it. Its output
// is the tool's alone, so that it can be read by programs; what building has to say goes to stderr.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { environment, node, root, run } from "./steps.mjs";

const [tool = "", ...args] = process.argv.slice(2);
const [, folder, entry] = /^([a-z]+)\/([a-z\d/-]+)$/.exec(tool) ?? [];
if (!folder || !existsSync(join(root, "tools", folder, "package.json"))) {
  end(2, `there is no tool ${JSON.stringify(tool)}; usage: node tools/workspace/tool.mjs <folder>/<entry> [args…]`);
}
if (!existsSync(join(root, "node_modules", ".bin", "turbo"))) {
  end(1, "the workspace is not installed yet: run npm start first");
}

const patience = setTimeout(() => process.stderr.write(`building what ${tool} needs …\n`), 2000);
const built = await run(["turbo", "run", "build", `--filter=./tools/${folder}`, "--output-logs=errors-only"]);
clearTimeout(patience);
if (built.code !== 0) end(1, `${built.output}\n${tool} could not be built`);

const file = join(root, "tools", folder, "dist", `${entry}.js`);
if (!existsSync(file)) end(2, `there is no tool ${tool}: tools/${folder} builds no ${entry}.js`);

const child = spawn(node(), [file, ...args], { cwd: root, env: environment(), stdio: "inherit" });
// The terminal sends an interrupt to both; the tool decides what it means. A kill reaches only this process.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("error", (error) => end(127, error.message));
child.on("close", (code, signal) => {
  if (signal === null) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});

function end(code, message) {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}
