// node registry-server.js <verdaccio's folder> <configuration>: tells its parent the port. When the parent lets go of it
// or is killed, it deletes the configuration's folder, where the packages are too, and ends.
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import type { AddressInfo, Server } from "node:net";
import { dirname } from "node:path";

const [folder = "", configuration = ""] = process.argv.slice(2);
const { runServer } = createRequire(`${folder}/`)("verdaccio") as { runServer(file: string): Promise<Server> };
const server = await runServer(configuration);
server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on("disconnect", () => {
  rmSync(dirname(configuration), { recursive: true, force: true });
  process.exit();
});
// An interrupt reaches every process of a terminal; the parent decides what it means.
process.on("SIGINT", () => {});
