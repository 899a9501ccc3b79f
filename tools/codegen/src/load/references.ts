import { order } from "../problem.js";
import type { Complaints } from "./complain.js";
import type { SourceDocument } from "./document.js";
import { type FoundReference, isObject } from "./shape.js";

/**
 * Checks that each `$ref` names a component of its own document or of shared.yaml, then turns it into the form it has in
 * the bundle, where all components of a service stand together.
 */
export function resolveReferences(
  references: readonly FoundReference[],
  documents: readonly SourceDocument[],
  complaints: Complaints,
): void {
  for (const { document, node, component } of references) {
    const [file = "", pointer] = split(node.$ref);
    const wrong = (message: string) => complaints.at(node, ["$ref"], `${node.$ref} ${message}`, true);
    const target =
      file === "" ? document : documents.find((other) => `./${other.name}` === file || other.name === file);
    if (/^[a-z][a-z0-9+.-]*:|^\/|^\\|(^|\/)\.\.(\/|$)/i.test(file))
      wrong("leaves the service's folder; only shared.yaml can be named");
    else if (target === undefined) wrong("is unresolved: there is no such file");
    else if (target !== document && target.name !== "shared.yaml")
      wrong("leads to another operation's document; move it to shared.yaml");
    else if (pointer === undefined) wrong("must name a component");
    else {
      const [, root, group, name, ...rest] = pointer.split("/");
      if (root !== "components" || group === undefined || name === undefined || rest.length > 0) {
        wrong("must name a component (#/components/…/Name)");
      } else if (group !== component) wrong(`must lead to components.${component}`);
      else if (!has(target.value.components, group, name)) wrong("is unresolved");
      else node.$ref = `#/components/${group}/${name}`;
    }
  }
}

function split(reference: string): [string, string | undefined] {
  const hash = reference.indexOf("#");
  return hash < 0 ? [reference, undefined] : [reference.slice(0, hash), reference.slice(hash + 1)];
}

function has(components: unknown, group: string, name: string): boolean {
  if (!isObject(components) || !Object.hasOwn(components, group)) return false;
  const found = components[group];
  return isObject(found) && Object.hasOwn(found, name);
}

/** Reports each component that contains itself: neither the types nor the other languages' models can follow it. */
export function checkCycles(references: readonly FoundReference[], complaints: Complaints): void {
  const edges = new Map<string, { node: object; target: string }[]>();
  for (const { node } of references) {
    const [root, group, name] = complaints.locations.get(node)?.path ?? [];
    if (root !== "components") continue;
    const source = `${group}/${name}`;
    edges.set(source, [...(edges.get(source) ?? []), { node, target: node.$ref.replace("#/components/", "") }]);
  }
  const done = new Set<string>();
  const active: string[] = [];
  for (const name of [...edges.keys()].sort(order)) walk(name);

  function walk(name: string): void {
    if (done.has(name)) return;
    active.push(name);
    for (const { node, target } of edges.get(name) ?? []) {
      const start = active.indexOf(target);
      if (start >= 0) {
        const circle = [...active.slice(start), target].map((step) => step.split("/")[1]);
        complaints.at(node, ["$ref"], `closes a circle: ${circle.join(" → ")}`, true);
      } else walk(target);
    }
    active.pop();
    done.add(name);
  }
}
