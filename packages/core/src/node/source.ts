import type { Expiring, Provider } from "../credentials.js";

export interface SourceOptions {
  /** Default `process.env`. */
  env?: Readonly<Record<string, string | undefined>>;
  /** The user's folder. */
  home?: string;
  /** The machine's folder, default `/etc`. */
  etc?: string;
  /** Asks the metadata service. Default `globalThis.fetch`. */
  fetch?: typeof globalThis.fetch;
  /** Base URL of the metadata service instead of the vendor's, on a loopback or link-local address; `false` leaves it out. */
  metadata?: string | false;
  /** Told of a credential file that every user of the machine can read. */
  onWarning?: (warning: string) => void;
}

/** What the vendors' conventions carry beside the credentials. */
export interface Settings {
  region?: string;
  projectId?: string;
  projectName?: string;
  domainId?: string;
  domainName?: string;
  /** Of the identity service, version included. */
  authUrl?: string;
}

/** A provider that looks in several places; the first that has credentials wins. Each call looks anew and keeps no secret. */
export interface SourcedProvider<C> extends Provider<C> {
  source: string | undefined;
  /** Region and the like: of the environment, else of the place that gave the credentials. Looks for them if nothing did yet. */
  settings(): Promise<Settings>;
}

/**
 * Credentials could not be had. Names the place, and the field or line; never a value.
 * - `none`: no place has any; `tried` lists them in order
 * - `incomplete`: one half is missing
 * - `malformed`: not the format of that place
 * - `unreadable`: there, but not to be read
 * - `unsupported`: asks for something that is not done here
 */
export class SourceError extends Error {
  override readonly name = "SourceError";
  readonly code: "none" | "incomplete" | "malformed" | "unreadable" | "unsupported";
  /** A file, `environment`, or a metadata service. */
  readonly source: string;
  readonly field: string | undefined;
  readonly line: number | undefined;
  readonly tried: readonly string[];

  constructor(
    code: SourceError["code"],
    source: string,
    problem: string,
    more: { field?: string; line?: number | undefined; tried?: readonly string[] } = {},
  ) {
    super(`${source}${more.line ? ` line ${more.line}` : ""}: ${problem}`);
    this.code = code;
    this.source = source;
    this.field = more.field;
    this.line = more.line;
    this.tried = more.tried ?? [];
  }
}

export type Found<C> = { credentials: Expiring<C>; source: string; settings?: Settings };
/** Looks in one place: what it gives, or why it gives nothing. */
export type Look<C> = () => Promise<Found<C> | string>;

/** Looks in order until credentials are found. A place that is broken ends the search: the next would be another identity. */
export function firstOf<C>(looks: readonly Look<C>[], environment: () => Settings): SourcedProvider<C> {
  let settings: Settings | undefined;
  const provider = Object.assign(provide, {
    source: undefined as string | undefined,
    async settings() {
      if (!settings) await provide();
      return { ...settings };
    },
  });
  return provider;

  async function provide() {
    const tried: string[] = [];
    for (const look of looks) {
      const found = await look();
      if (typeof found !== "string") {
        provider.source = found.source;
        settings = { ...found.settings, ...environment() };
        return found.credentials;
      }
      tried.push(found);
    }
    throw new SourceError("none", "credentials", `not found; tried ${tried.join("; ")}`, { tried });
  }
}

export type Names = readonly string[];
export interface Fields {
  readonly source: string;
  /** The first of these names that has a value. @throws {SourceError} when it is not text */
  get(names: Names): { name: string; value: string } | undefined;
}

/** Named values of one place; an empty one counts as none. @throws {SourceError} */
export function fieldsOf(source: string, values: unknown): Fields {
  if (typeof values !== "object" || values === null) throw new SourceError("malformed", source, "holds no names and values");
  return {
    source,
    get(names) {
      for (const name of names) {
        const value: unknown = Object.hasOwn(values, name) ? (values as Record<string, unknown>)[name] : undefined;
        if (value === undefined || value === null || value === "") continue;
        if (typeof value !== "string") throw new SourceError("malformed", source, `${name} is not text`, { field: name });
        return { name, value };
      }
      return undefined;
    },
  };
}

export const environmentOf = (options: SourceOptions) => fieldsOf("environment", options.env ?? process.env);

/** Names of a key's two halves and its session token. */
export interface KeyNames {
  id: Names;
  secret: Names;
  token: Names;
}
export interface Key {
  id: string;
  secret: string;
  token: string | undefined;
  names: string;
}

/** A key, if there is one. @throws {SourceError} when only one half is there */
export function keyOf(fields: Fields, names: KeyNames): Key | undefined {
  const [id, secret, token] = [fields.get(names.id), fields.get(names.secret), fields.get(names.token)];
  if (!id && !secret) return undefined;
  if (!id || !secret) {
    const [there, field] = id ? [id.name, names.secret[0]] : [secret?.name, names.id[0]];
    throw new SourceError("incomplete", fields.source, `has ${there} but no ${field}`, { field: field as string });
  }
  return { id: id.value, secret: secret.value, token: token?.value, names: [id.name, ...(token ? [token.name] : [])].join(", ") };
}

/** The settings that are there. */
export function settingsOf(fields: Fields, names: { [setting in keyof Settings]: Names }): Settings {
  const there = Object.entries(names).flatMap(([setting, list]) => {
    const field = fields.get(list);
    return field ? [[setting, field.value]] : [];
  });
  return Object.fromEntries(there);
}
