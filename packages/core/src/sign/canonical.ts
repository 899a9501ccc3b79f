/** Spells an escaped part of a URL by RFC 3986: only unreserved characters stay, nothing is escaped twice. */
export function respell(part: string): string {
  return part.replace(/%[\da-f]{2}|[^\w.~-]/gi, (found) => {
    const code = found[1] ? Number.parseInt(found.slice(1), 16) : found.charCodeAt(0);
    const char = String.fromCharCode(code);
    return /[\w.~-]/.test(char) ? char : `%${(code + 256).toString(16).slice(1).toUpperCase()}`;
  });
}

/** The parameters of a query, respelled, as `name\nvalue`: sorted as text these are sorted by name, then value. */
export function parameters(url: URL): string[] {
  return url.search
    .slice(1)
    .split("&")
    .filter(Boolean)
    .map((pair) => {
      const [name = "", ...value] = pair.replaceAll("+", "%20").split("=");
      return `${respell(name)}\n${respell(value.join("="))}`;
    });
}

export function joined(parameters: string[]): string {
  return parameters.join("&").replaceAll("\n", "=");
}
