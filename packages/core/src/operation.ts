/** One documented operation, as codegen writes it into a service's operations table. */
export interface Operation {
  readonly id: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path template of the bundle; an RPC operation carries its action in the fragment, which never reaches the wire. */
  readonly path: string;
  /** Only a `read` may ever be sent again after an unclear failure. */
  readonly effect: "read" | "creates" | "changes" | "overwrites" | "deletes";
  /** Path templates of other operations of this method; a value that would make this path one of them is refused. */
  readonly siblings?: readonly string[];
  /** Where each input goes. */
  readonly input: {
    readonly path?: readonly string[];
    readonly query?: readonly string[];
    readonly header?: readonly string[];
    readonly body?: readonly string[];
  };
  readonly required?: readonly string[];
  /** Inputs that fall back to an option of the client. */
  readonly client?: Readonly<Record<string, "region" | "projectId">>;
  /** Headers with one possible value. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Names of inputs and outputs that are secret, wherever they stand. */
  readonly secrets?: readonly string[];
  /** Documented success statuses. */
  readonly success: readonly number[];
  /** On a write: what its result may hold. An answer with nothing of it is not the documented one. */
  readonly result?: readonly string[];
  /** Success statuses that come without a body. */
  readonly empty?: readonly number[];
  /** Response headers that belong to the result. */
  readonly resultHeaders?: readonly string[];
  /** Set where the operation itself needs no credentials. */
  readonly anonymous?: true;
  /** At most `requests` in any window of `seconds`. */
  readonly rateLimit?: { readonly requests: number; readonly seconds: number; readonly per: "account" | "user" };
  /** Documented codes with which a call is refused before it ran. */
  readonly throttled?: readonly string[];
  readonly pagination?: Pagination;
  readonly task?: TaskStates;
}

/** How to walk a list; `items` and `total` are dotted places in the unwrapped result. */
export interface Pagination {
  readonly style: "offset" | "page";
  readonly position: string;
  readonly size: string;
  readonly maximum?: number;
  readonly first: 0 | 1;
  readonly items: string;
  readonly total?: string;
}

/** How to read a task: `record` is its dotted place (`.` the result itself, `[]` marks a list). */
export interface TaskStates {
  readonly record: string;
  readonly id?: string;
  readonly state: string;
  readonly running: readonly (string | number)[];
  readonly succeeded: readonly (string | number)[];
  readonly failed: readonly (string | number)[];
  readonly detail?: string;
  readonly progress?: string;
}

/** What all operations of a service share. */
export interface Service {
  readonly name: string;
  readonly version: string;
  readonly endpoints: readonly Endpoint[];
  /** The property that holds the result; absent where the body is the result. */
  readonly envelope?: string;
  readonly errors: "tencent" | "huawei";
}

/** A server and the regions it serves; `{region}` in the URL is replaced. */
export interface Endpoint {
  readonly url: string;
  readonly regions?: readonly string[];
  /** Only used when the client names this site. */
  readonly site?: string;
}
