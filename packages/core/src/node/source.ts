import type { Expiring, Provider } from "../credentials.js";
import { OwnError } from "../errors.js";

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
 * - `unreachable`: the metadata service, where a file asks for it
 * - `unsupported`: asks for something that is not done here
 */
export class SourceError extends OwnError {
  override readonly name = "SourceError";
  readonly code: "none" | "incomplete" | "malformed" | "unreadable" | "unreachable" | "unsupported";
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

/** Looks in order until something is found. A place that is broken ends the search: the next would be another identity. */
export function firstOf<K extends object, C>(
  looks: readonly Look<K>[],
  form: (found: Expiring<K>) => Expiring<C>,
  environment: () => Settings,
) {
  let settings: Settings | undefined;
  const provider: SourcedProvider<C> = Object.assign(provide, {
    source: undefined,
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
        return form(found.credentials);
      }
      tried.push(found);
    }
    throw new SourceError("none", "credentials", `not found; tried ${tried.join("; ")}`, { tried });
  }
}

export type Names = readonly string[];

/** Named values of one place. */
export interface Fields {
  readonly source: string;
  /** The first of these names that has a value; an empty one counts as none. @throws {SourceError} when it is not text */
  get(names?: Names): { name: string; value: string } | undefined;
  raw(name: string): unknown;
  /** A name as this place writes it. */
  spell(name: string): string;
}

/** @throws {SourceError} when there can be no names in it */
export function fieldsOf(source: string, values: unknown, spell = (name: string) => name): Fields {
  if (typeof values !== "object" || values === null)
    throw new SourceError("malformed", source, "holds no names and values");
  const raw = (name: string) => (values as Record<string, unknown>)[name];
  return {
    source,
    raw,
    spell,
    get(names = []) {
      const name = names.map(spell).find((each) => (raw(each) ?? "") !== "");
      if (name === undefined) return undefined;
      const value = raw(name);
      if (typeof value !== "string") throw new SourceError("malformed", source, `${name} is not text`, { field: name });
      return { name, value };
    },
  };
}

export const environmentOf = ({ env = process.env }: SourceOptions, spell?: (name: string) => string) =>
  fieldsOf("environment", env, spell);

/** Where one convention keeps the settings. */
export type SettingNames = { readonly [setting in keyof Settings]?: Names };

/** Where one convention keeps a key: its halves, its session token, when it ends, and the role to be assumed with it. */
export interface KeyNames extends SettingNames {
  readonly id: Names;
  readonly secret: Names;
  readonly token?: Names;
  readonly end?: string;
  readonly role?: Names;
}

export interface Key {
  readonly id: string;
  readonly secret: string;
  readonly token: string | undefined;
}

/** A key and what stands beside it, if there is one. @throws {SourceError} when a half is missing or a role is to be assumed */
export function keyIn(fields: Fields, names: KeyNames): Found<Key> | undefined {
  const { source } = fields;
  const role = fields.get(names.role);
  if (role) {
    // The key alone would act as another identity.
    throw new SourceError(
      "unsupported",
      source,
      `${role.name} asks for a role, which is not assumed here: give its temporary key`,
      {
        field: role.name,
      },
    );
  }
  const [id, secret, token] = [fields.get(names.id), fields.get(names.secret), fields.get(names.token)];
  if (!id && !secret) return undefined;
  if (!id || !secret) {
    const field = fields.spell((id ? names.secret : names.id)[0] as string);
    throw new SourceError("incomplete", source, `has ${(id ?? secret)?.name} but no ${field}`, { field });
  }
  const used = source === "environment" ? ` ${[id.name, ...(token ? [token.name] : [])].join(", ")}` : "";
  const key = { id: id.value, secret: secret.value, token: token?.value, ...endIn(fields, names.end) };
  return { credentials: key, source: source + used, settings: settingsIn(fields, names) };
}

/** Seconds since 1970, or a time in ISO 8601. */
function endIn({ source, raw }: Fields, field = ""): { expiresAt?: Date } {
  const value = raw(field) ?? undefined;
  if (value === undefined) return {};
  const expiresAt = new Date(typeof value === "number" ? value * 1000 : typeof value === "string" ? value : Number.NaN);
  if (Number.isNaN(expiresAt.getTime()))
    throw new SourceError("malformed", source, `${field} is not a time`, { field });
  return { expiresAt };
}

/** The settings that are there. */
export function settingsIn(fields: Fields, names: SettingNames): Settings {
  const settings: Settings = {};
  for (const name of ["region", "projectId", "projectName", "domainId", "domainName", "authUrl"] as const) {
    const value = fields.get(names[name])?.value;
    if (value !== undefined) settings[name] = value;
  }
  return settings;
}

export const inEnvironment = (options: SourceOptions, names: KeyNames) => async () =>
  keyIn(environmentOf(options), names) ?? `environment ${names.id[0]}: not set`;

/** Passes over a file without credentials, unless it was asked for by name. @throws {SourceError} */
export function without(source: string, field: string, required?: string) {
  if (required) throw new SourceError("incomplete", source, `has no ${field}, but ${required} names it`, { field });
  return `${source}: has no ${field}`;
}
