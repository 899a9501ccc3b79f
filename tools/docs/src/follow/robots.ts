// What a host asks of robots: the rules of its group for us, or of the one for all.

/** The word by which a robots.txt can name us. */
export const robotName = "restorekit-docs";

export interface Robots {
  allows(path: string): boolean;
  /** Seconds between two requests. */
  delay: number | null;
}

interface Group {
  agents: string[];
  rules: { allow: boolean; path: string }[];
  delay: number | null;
}

export const everythingAllowed: Robots = { allows: () => true, delay: null };

const longest = 500_000;

export function readRobots(text: string): Robots {
  const groups: Group[] = [];
  let group: Group | null = null;
  let naming = false;
  for (const line of text.slice(0, longest).split(/\r?\n/)) {
    const [, word, value = ""] = /^\s*([A-Za-z-]+)\s*:\s*(.*?)\s*(?:#.*)?$/.exec(line) ?? [];
    const key = word?.toLowerCase();
    if (key === "user-agent") {
      // Several names in a row share the rules that follow.
      if (!naming || group === null) {
        group = { agents: [], rules: [], delay: null };
        groups.push(group);
      }
      group.agents.push(value.toLowerCase());
      naming = true;
      continue;
    }
    if (key === undefined) continue;
    naming = false;
    if ((key === "allow" || key === "disallow") && value !== "")
      group?.rules.push({ allow: key === "allow", path: value });
    if (key === "crawl-delay" && group && Number(value) >= 0) group.delay = Number(value);
  }
  const own = groups.filter(({ agents }) => agents.some((agent) => agent !== "*" && robotName.startsWith(agent)));
  const chosen = own.length > 0 ? own : groups.filter(({ agents }) => agents.includes("*"));
  const rules = chosen.flatMap((one) => one.rules);
  const delays = chosen.flatMap(({ delay }) => delay ?? []);
  return {
    delay: delays.length > 0 ? Math.max(...delays) : null,
    allows(path) {
      // The longest rule that fits decides; of two as long, the one that allows.
      const fitting = rules
        .filter((rule) => fits(rule.path, path))
        .sort((a, b) => b.path.length - a.path.length || Number(b.allow) - Number(a.allow));
      return fitting[0]?.allow ?? true;
    },
  };
}

/** `*` is any text, a final `$` the end; by hand, as a pattern of a stranger's could be slow. */
function fits(rule: string, path: string): boolean {
  const toEnd = rule.endsWith("$");
  const parts = (toEnd ? rule.slice(0, -1) : rule).split("*");
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const found = index === 0 ? (path.startsWith(part) ? 0 : -1) : path.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  const last = parts.at(-1) ?? "";
  return !toEnd || last === "" || (path.endsWith(last) && path.length - last.length >= at - last.length);
}
