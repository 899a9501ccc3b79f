import { connect, WRITES } from "./demo.js";

/** The client as a peer among others, with its defaults. */
export const write = (url) => WRITES.POST(connect(url));
