import { behaviour } from "./behaviour.js";
import { openLab } from "./lab.js";
import { resend } from "./resend.js";

/** Does the job that the lab at this address has, and reports to it. The same on every runtime. */
export async function start(url) {
  const lab = openLab(url);
  const { job, ...config } = await lab.config();
  await lab.report(await (job === "resend" ? resend : behaviour)(lab, config));
}
