/** The part of `Headers` that signing needs; a `Map` with lower-case names does as well. */
export interface HeaderBag {
  get(name: string): string | null | undefined;
  set(name: string, value: string): void;
  forEach(callback: (value: string, name: string) => void): void;
}

/** A request as it will go out. `sign()` only adds to it. */
export interface Unsigned {
  readonly method: string;
  readonly url: URL;
  readonly headers: HeaderBag;
  body?: string | Uint8Array | undefined;
}

export interface SignContext<Credentials> {
  /** The time to sign for, clock skew already corrected. */
  readonly now: Date;
  readonly credentials: Credentials;
  /** SDK-HMAC-SHA256: sent as X-Project-Id. */
  readonly projectId?: string | undefined;
  /** Scoped SDK-HMAC-SHA256: part of the scope; empty unless given, as OTC's own tools send it. */
  readonly region?: string | undefined;
  /** The service's documented host, where an endpoint of another name is used. */
  readonly host?: string | undefined;
  /** Scoped SDK-HMAC-SHA256: part of the scope. TC3: the first label of the host unless given. */
  readonly service?: string | undefined;
  /** TC3: names of the headers to sign, lower-case and sorted. */
  readonly signedHeaders?: readonly string[] | undefined;
}

/** How a service authenticates. @throws {CredentialsError} from `sign()`, before anything was added */
export interface Scheme<Credentials> {
  readonly id: string;
  sign(request: Unsigned, context: SignContext<Credentials>): Promise<void>;
}

export interface Tc3Credentials {
  readonly secretId: string;
  readonly secretKey: string;
  /** With temporary keys. */
  readonly token?: string | undefined;
}

export interface AkSkCredentials {
  readonly ak: string;
  readonly sk: string;
  /** With temporary keys. */
  readonly securityToken?: string | undefined;
  /** For services of a whole domain (IAM). */
  readonly domainId?: string | undefined;
}

export interface TokenCredentials {
  readonly token: string;
}
