/** One HTTP request, complete and signed. */
export interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
  readonly signal: AbortSignal;
  /** Longest answer that is read, in bytes. */
  readonly maxBytes: number;
}

/** One whole HTTP answer. */
export interface Incoming {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Puts a request on the wire at most once. @throws {SendFailure} */
export type Send = (request: Outgoing) => Promise<Incoming>;

/** How the requests of a client leave. */
export interface Means {
  readonly sendRead: Send;
  readonly sendWrite: Send;
  /** Set where nothing here can send a write exactly once. */
  readonly refuseWrites: boolean;
}

/** How far a request got that has no answer. */
export class SendFailure extends Error {
  override readonly name = "SendFailure";
  readonly stage: "notConnected" | "connectionLost" | "tooLarge" | "malformed";
  /** The runtime's own error code. Its message and cause stay behind: they may quote the request. */
  readonly code: string | undefined;

  constructor(stage: SendFailure["stage"], code?: string) {
    super(code ? `${stage} (${code})` : stage);
    this.stage = stage;
    this.code = code;
  }
}
