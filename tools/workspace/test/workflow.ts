import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { root } from "./copy.js";

const folder = join(root, ".github/workflows");

export interface Step {
  name?: string;
  uses?: string;
  with?: Record<string, unknown>;
  run?: string;
  env?: Record<string, string>;
}

export interface Job {
  permissions?: Record<string, string>;
  "timeout-minutes"?: number;
  needs?: string | string[];
  if?: string;
  env?: Record<string, string>;
  steps: Step[];
}

export interface Workflow {
  file: string;
  text: string;
  on: Record<string, unknown>;
  permissions: object;
  concurrency: object;
  jobs: Record<string, Job>;
}

export const workflows: Workflow[] = readdirSync(folder).map((file) => {
  const text = readFileSync(join(folder, file), "utf8");
  return { file, text, ...parse(text) };
});

export const jobs = workflows.flatMap(({ file, jobs }) =>
  Object.entries(jobs).map(([name, job]) => ({ place: `${file} ${name}`, job })),
);

/** Every step that runs a script. */
export const scripts = jobs.flatMap(({ place, job }) =>
  job.steps.flatMap((step) => (step.run ? [{ place: `${place}: ${step.name}`, job, step, run: step.run }] : [])),
);
