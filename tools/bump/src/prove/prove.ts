// Plants a change in a copy, generates and builds, and asks every part of the gate what it sees.
import { requiredBump, worstOf } from "../change.js";
import { judge } from "../gate/gate.js";
import { build, publicPackages } from "../workspace.js";
import type { PlantedCopy } from "./copy.js";
import type { Plant } from "./plants.js";

export interface Proof {
  readonly title: string;
  readonly expected: string;
  /** What the comparison of the bundles says. */
  readonly spec: string;
  /** Whether the base's type tests still compile. */
  readonly types: "compile" | "fail";
  /** Whether a changeset that says "patch" is enough. */
  readonly asPatch: "passes" | "fails";
  readonly wrong: readonly string[];
}

export function prove(copy: PlantedCopy, plant: Plant): Proof {
  copy.reset();
  copy.plant(plant);
  const clients = publicPackages(copy.root).filter(({ bundle }) => bundle !== undefined);
  const touched = clients.filter(({ folder }) => folder.endsWith(`/${plant.service}`));
  // All of them: what an earlier plant left in another one's `dist` goes.
  build(copy.root, clients);
  copy.changeset(Object.fromEntries(touched.map(({ name }) => [name, "patch"])));
  const { verdicts, missing } = judge(copy.root, "main", () => {});
  const mine = verdicts.find(({ package: name }) => name === touched[0]?.name);
  const changes = mine?.changes ?? [];
  const failures = changes.filter(({ id }) => id === "type-test-failed");
  const spec = changes.filter(({ id }) => id !== "type-test-failed" && !id.startsWith("api-"));
  const worst = worstOf(spec.map((change) => change.class));
  const breaking = plant.class === "breaking";
  const wrong = [
    ...missing,
    ...(verdicts.length === 1 ? [] : [`${verdicts.length} packages changed`]),
    ...(worst === plant.class ? [] : [`the specs say ${worst}`]),
    ...(spec.some(({ id }) => id === plant.id) ? [] : [`no ${plant.id}: ${spec.map(({ id }) => id)}`]),
    ...(failures.length > 0 === (breaking && !plant.untyped)
      ? []
      : [`${failures.length} type tests fail`, ...failures.map(({ after }) => String(after))]),
    ...(mine?.passed === !breaking
      ? []
      : [`as a patch it ${mine?.passed ? "passes" : "fails"}: ${changes.map(({ id }) => id)}`]),
    ...(mine?.required === requiredBump(plant.class, mine?.version ?? "") ? [] : [`needs ${mine?.required}`]),
  ];
  return {
    title: plant.title,
    expected: plant.class,
    spec: worst ?? "nothing",
    types: failures.length > 0 ? "fail" : "compile",
    asPatch: mine?.passed ? "passes" : "fails",
    wrong,
  };
}
