// Whether two hosts are of one vendor: below one domain, or named together in the register.

/** Second-level names below which anybody can have a domain of their own. */
const shared = /^(?:ac|co|com|edu|gov|net|org|or|ne)$/;

/** The domain somebody owns: "huaweicloud.com" of "support.huaweicloud.com". An address without names is its own. */
export function domainOf(hostname: string): string {
  const labels = hostname.toLowerCase().replace(/\.$/, "").split(".");
  if (/^[\d.]+$/.test(hostname) || hostname.startsWith("[") || labels.length < 3) return labels.join(".");
  const own = shared.test(labels.at(-2) ?? "") && (labels.at(-1) ?? "").length === 2 ? 3 : 2;
  return labels.slice(-own).join(".");
}

/** `hosts`: further ones of the vendor, with their port where it is not the usual one. */
export function isSameVendor(from: URL, to: URL, hosts: readonly string[]): boolean {
  if (hosts.includes(to.host)) return true;
  // Another port is another server, and whose it is nobody knows; the ports of http and https are no other.
  if (to.port !== "") return false;
  return domainOf(from.hostname) === domainOf(to.hostname);
}
