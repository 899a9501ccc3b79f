interface Node {
  readonly name: string;
  readonly needs: readonly string[];
}

/** Dependencies first; by name where that leaves a choice. @throws if they go round in a circle */
export function inOrder<T extends Node>(nodes: readonly T[]): T[] {
  const left = [...nodes].sort((a, b) => (a.name < b.name ? -1 : 1));
  const ordered: T[] = [];
  while (left.length > 0) {
    const at = left.findIndex(({ needs }) => !left.some(({ name }) => needs.includes(name)));
    if (at < 0) throw new Error(`these packages need each other: ${left.map(({ name }) => name).join(", ")}`);
    ordered.push(...left.splice(at, 1));
  }
  return ordered;
}
