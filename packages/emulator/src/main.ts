#!/usr/bin/env node
import { parseArgs } from "node:util";
import { ENDPOINTS } from "./bundle.js";
import { createEmulator } from "./emulator.js";

const USAGE = `restorekit-emulator [--port N] [--seed S] [--lenient-host]

Serves an emulated cloud at 127.0.0.1 until it is interrupted.
  --port N          the port; a free one if left out
  --seed S          ids follow from it; 1 if left out
  --lenient-host    accept what Tencent's Node SDK signs for a loopback endpoint
`;

if (process.argv.includes("--help")) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const options = read();
const emulator = createEmulator({ seed: options.seed, lenientHost: options.lenientHost });
const listener = await emulator.listen({ port: options.port }).catch((error: NodeJS.ErrnoException) => {
  process.stderr.write(`cannot listen at 127.0.0.1:${options.port}: ${error.code}. Choose another --port.\n`);
  process.exit(1);
});
const { credentials, state } = emulator;

const rows = [
  ...ENDPOINTS.map((service) => [service, listener.endpoint(service)]),
  ...Object.entries(credentials).map(([name, value]) => [name, String(value)]),
  ...state
    .instances()
    .map(({ service, id, backups }) => [
      "instance",
      `${service} ${id} (backup ${backups.map(({ id }) => id).join(", ") || "none"})`,
    ]),
];
for (const [name = "", value] of rows) process.stdout.write(`${name.padEnd(22)} ${value}\n`);
process.stdout.write("\nEverything here is made up: the credentials open nothing but this emulator. Ctrl+C ends it.\n");

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => listener.close().then(() => process.exit(0)));
}

function read() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: "string", default: "0" },
        seed: { type: "string", default: "1" },
        "lenient-host": { type: "boolean", default: false },
      },
    });
    const [port, seed] = [wholeNumber("port", values.port, 65_535), wholeNumber("seed", values.seed)];
    return { port, seed, lenientHost: values["lenient-host"] };
  } catch (error) {
    process.stderr.write(`restorekit-emulator: ${(error as Error).message}\n${USAGE}`);
    process.exit(2);
  }
}

function wholeNumber(option: string, text: string, most = Number.MAX_SAFE_INTEGER) {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number <= most) return number;
  throw new Error(`--${option} takes a whole number from 0 to ${most}, not ${JSON.stringify(text)}`);
}
