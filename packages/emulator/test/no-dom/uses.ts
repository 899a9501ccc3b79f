// Compiled by types.test.ts; nothing here runs.
import { createEmulator } from "../../dist/index.js";
import { verify } from "../../dist/signature/verify.js";

const { fetch: answer, credentials } = createEmulator();
export const standsIn: typeof fetch = answer;
export const refused = verify({ method: "GET", target: "/", headers: {}, body: "" }, credentials, { now: 0 });
