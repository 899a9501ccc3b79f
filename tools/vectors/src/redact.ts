const secretName = /pass|pwd|secret(?!id)|token|^sk$/i;

/** A text without what stands under secret names in the vector: a message may end up in a public log. */
export function redact(text: string, vector: unknown): string {
  const secrets = [...valuesOf(vector)].sort((a, b) => b.length - a.length);
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, "(secret)"), text);
}

function* valuesOf(value: unknown, isSecret = false): Generator<string> {
  if (typeof value === "string") {
    // Two characters keep nothing secret and stand in many a word.
    if (isSecret && value.length > 2)
      yield* new Set([value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)]);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, item] of Object.entries(value)) yield* valuesOf(item, isSecret || secretName.test(name));
  }
}
