import { operations as rds } from "@restorekit/huaweicloud-rds";
import { operations as tencent } from "@restorekit/tencentcloud-redis";

/** How fast a fleet goes at one service. */
export interface Pace {
  /** Restores under way, from their pre-flight to their end: so many instances are out of service at most. */
  atOnce: number;
  /** Restores in pre-flight or submit. As few as keep the submits going: what was checked should still hold. */
  beginning: number;
  /** Milliseconds between two looks at a task. */
  intervalMs: number;
  /** The documented limit of submits. */
  submits?: Limit | undefined;
}

type Limit = { readonly requests: number; readonly seconds: number };

/** Where no limit is documented. */
const MODEST: Pace = { atOnce: 100, beginning: 10, intervalMs: 10_000 };

const PACES: Readonly<Record<string, Pace>> = {
  "tencentcloud-redis": {
    atOnce: 1_000,
    // What is submitted in three seconds: one to gather looks, two to spare.
    beginning: 60,
    intervalMs: 10_000,
    submits: tencent.restoreInstance.rateLimit,
  },
  // 60 calls a minute are for everything: four to begin, and one each half minute to wait.
  "huaweicloud-rds": { atOnce: 10, beginning: 2, intervalMs: 30_000, submits: rds.restoreExistInstance.rateLimit },
};

export const paceOf = (service: string, given: Partial<Pace> = {}): Pace => ({
  ...(PACES[service] ?? MODEST),
  ...given,
});
