import type { Endpoint, Service } from "./operation.js";

export interface EndpointOptions {
  readonly region?: string | undefined;
  /** One of the service's other sites, such as `intl`. */
  readonly site?: string | undefined;
  /** Used instead of the service's own address: `https://` and a host, with a base path if need be. */
  readonly endpoint?: string | undefined;
  /** Allows plain `http://` to other hosts than this machine. */
  readonly allowInsecure?: boolean | undefined;
  /** Allows credentials to go to a host outside the service's own domains. */
  readonly trustEndpoint?: boolean | undefined;
}

export interface Resolved {
  /** Without a slash at its end. */
  readonly url: string;
  readonly region: string | undefined;
}

/** An address that cannot or must not be used. */
export class EndpointError extends Error {
  readonly code: "malformed" | "insecure" | "foreign" | "region" | "site";

  constructor(code: EndpointError["code"], message: string) {
    super(message);
    this.name = "EndpointError";
    this.code = code;
  }
}

/** The service does not know this region, or needs one; `near` lists those that look alike. */
export class UnknownRegionError extends EndpointError {
  readonly region: string | undefined;
  readonly near: readonly string[];

  /** `elsewhere`: the sites that do have the region. */
  constructor(
    service: string,
    region: string | undefined,
    known: readonly string[],
    elsewhere: readonly (string | undefined)[] = [],
  ) {
    const near = region ? alike(region, known) : [];
    const hint = elsewhere.length
      ? elsewhere.map((site) => (site ? `site ${JSON.stringify(site)} has it` : "it is there without site")).join(", ")
      : `try ${(near[0] ? near : known).join(", ")}`;
    super("region", `${service}: no region ${JSON.stringify(region ?? "")}, ${hint}`);
    this.name = "UnknownRegionError";
    this.region = region;
    this.near = near;
  }
}

/** The address of a service. @throws {EndpointError} */
export function resolveEndpoint(service: Service, options: EndpointOptions = {}): Resolved {
  const { region, endpoint } = options;
  const url = endpoint === undefined ? fromTable(service, options) : override(service, endpoint, options);
  return { url: url.replace(/\/+$/, ""), region };
}

/** Whether credentials for the service may go to this address: its own hosts over TLS, or this machine. */
export function trusted(service: Service, { protocol, hostname }: URL, options: EndpointOptions = {}): boolean {
  return local(hostname) || (protocol === "https:" && ours(service, hostname, options));
}

function fromTable(service: Service, options: EndpointOptions): string {
  const { name, endpoints } = service;
  const { region, site } = options;
  const here = endpoints.filter((endpoint) => endpoint.site === site);
  if (!here[0]) throw new EndpointError("site", `${name} has no site ${site}`);
  const found = entryOf(service, options);
  if (!found) {
    const named = here.flatMap(({ regions = [] }) => regions);
    const elsewhere = endpoints.filter(({ regions }) => regions?.includes(region as string)).map((each) => each.site);
    throw new UnknownRegionError(
      name,
      region,
      [...new Set(named[0] ? named : regionsOf(endpoints))],
      [...new Set(elsewhere)],
    );
  }
  return found.url.replace("{region}", region as string);
}

/** The server for a region and site, if there is one. */
function entryOf({ endpoints }: Service, { region, site }: EndpointOptions): Endpoint | undefined {
  const here = endpoints.filter((endpoint) => endpoint.site === site);
  const own = ({ url }: Endpoint) => url.includes("{region}");
  if (region === undefined) return here.find((endpoint) => !own(endpoint) && endpoint.regions?.length !== 1);
  const serves = ({ regions }: Endpoint) => regions?.includes(region);
  const known = regionsOf(endpoints);
  // Where a server lists no regions, it has those that the service has elsewhere.
  const exists = known[0] ? known.includes(region) : /^[a-z\d-]+$/.test(region);
  // A region with a host of its own (finance zones) keeps it on every site.
  return (
    here.find(serves) ??
    endpoints.find((endpoint) => !endpoint.site && own(endpoint) && serves(endpoint)) ??
    (exists ? here.find(({ regions }) => !regions) : undefined)
  );
}

function regionsOf(endpoints: readonly Endpoint[]): string[] {
  return endpoints.flatMap(({ regions = [] }) => regions);
}

function override(service: Service, text: string, options: EndpointOptions): string {
  const { allowInsecure, trustEndpoint } = options;
  // The text is not repeated: it may hold a password.
  if (!/^https?:\/\/[^/\s\\?#@][^\s\\?#@]*$/i.test(text) || !URL.canParse(text)) {
    throw new EndpointError("malformed", "endpoint must be https://host[:port][/path]");
  }
  const { href, protocol, hostname } = new URL(text);
  if (!local(hostname)) {
    if (protocol === "http:" && !allowInsecure) {
      throw new EndpointError("insecure", `${hostname} over plain http needs allowInsecure`);
    }
    if (!trustEndpoint && !ours(service, hostname, options)) {
      const hosts = [
        ...new Set(familiesOf(service, options).map(({ first, domain }) => `${first ?? "*"}.*.${domain}`)),
      ];
      throw new EndpointError(
        "foreign",
        `${hostname} is not in ${hosts.join(", ") || "any domain of the service"}: to send credentials there needs trustEndpoint`,
      );
    }
  }
  return href;
}

function local(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1])$/.test(host);
}

function ours(service: Service, host: string, options: EndpointOptions): boolean {
  return familiesOf(service, options).some(({ first, domain, regional }) => {
    if (!host.endsWith(`.${domain}`)) return false;
    const labels = host.slice(0, -domain.length - 1).split(".");
    if (first === undefined) return labels.length === 1;
    const [own, ...middle] = labels;
    if (own !== first || !middle[0]) return own === first;
    // Only a region may follow: `dcs.obs.eu-de.` is anybody's bucket of that name.
    return regional ? /^[a-z]{2}-[a-z]/.test(middle[0]) : middle.length === 1;
  });
}

/** What the hosts of one server have in common. */
interface Family {
  /** The service's own label; undefined where the region comes first. */
  readonly first: string | undefined;
  /** What follows the region, or else the first label. */
  readonly domain: string;
  readonly regional: boolean;
}

/** Of the server that the region and site lead to; where they lead to none, of all servers of the site. */
function familiesOf(service: Service, options: EndpointOptions): Family[] {
  const entry = options.region === undefined ? undefined : entryOf(service, options);
  const entries = entry ? [entry] : service.endpoints.filter(({ site }) => site === options.site);
  return entries.flatMap(({ url, regions = [] }) => {
    const labels = (url.split(/[/:]+/)[1] as string).split(".");
    const region = labels.findIndex((label) => ["{region}", ...regions].includes(label));
    const domain = labels.slice(Math.max(region, 0) + 1);
    if (!domain[1]) return [];
    return { first: region === 0 ? undefined : labels[0], domain: domain.join("."), regional: region > 0 };
  });
}

/** At most three names, the nearest first. */
function alike(name: string, names: readonly string[]): string[] {
  const steps = (other: string) => (other.includes(name) ? 1 : distance(name, other));
  return names
    .filter((other) => steps(other) < 4)
    .sort((a, b) => steps(a) - steps(b))
    .slice(0, 3);
}

/** How many characters must be put in, taken out or replaced. */
function distance(a: string, b: string): number {
  const row = [...b, ""].map((_, index) => index);
  for (const char of a.slice(0, 64)) {
    let corner = row[0] as number;
    row[0] = corner + 1;
    for (let index = 1; index < row.length; index++) {
      const above = row[index] as number;
      row[index] = Math.min(above + 1, (row[index - 1] as number) + 1, corner + (char === b[index - 1] ? 0 : 1));
      corner = above;
    }
  }
  return row.at(-1) as number;
}
