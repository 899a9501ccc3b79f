// Applies a plant to the sources of a service.
import { basename, dirname, join } from "node:path";
import { compileService, readFolder, type SourceFile } from "@restorekit/codegen";
import type { Objekt } from "../spec/json.js";
import type { Plant } from "./plants.js";

/** The bundle of the planted specs; nothing is written. @throws where a plant no longer fits the specs */
export async function plantedBundle(root: string, plant: Plant): Promise<Objekt> {
  const specs = join(root, "specs");
  const { sources } = await readFolder(specs, plant.service);
  const planted = plantedSources(plant, sources);
  const bundle = compileService(plant.service, planted);
  return JSON.parse(JSON.stringify(bundle)) as Objekt;
}

function plantedSources(plant: Plant, sources: readonly SourceFile[]): SourceFile[] {
  let result = [...sources];
  for (const edit of plant.edits) {
    const source = result.find(({ name }) => name === basename(edit.file));
    if (source === undefined) throw new Error(`${plant.title}: there is no specs/${edit.file}`);
    const to = basename(edit.to ?? edit.file);
    const planted = {
      file: join(dirname(source.file), to),
      name: to,
      text: edited(plant, edit.file, source.text),
    };
    if (!edit.copy) result = result.filter((other) => other !== source);
    result.push(planted);
  }
  return result;
}

/** The text of one file as the plant wants it. */
export function edited(plant: Plant, file: string, text: string): string {
  const edit = plant.edits.find((one) => one.file === file);
  return (edit?.replace ?? []).reduce((so, [old, now]) => {
    if (!so.includes(old)) throw new Error(`${plant.title}: specs/${file} no longer says ${JSON.stringify(old)}`);
    return so.replaceAll(old, now);
  }, text);
}
