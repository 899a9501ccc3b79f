import type { Operation } from "@restorekit/core";
import type { Random } from "./random.js";
import type { Kind } from "./services.js";

/** An answer to a call that ran. */
interface Answer {
  status: number;
  body: string;
}

const RESULT = '"id":"r-0","run":1';
const REFUSED = [400, 403, 409, 429];
const FAILED = [408, 500, 502, 503, 504];

/**
 * A refusal that proves nothing, for the call ran: it stands beside a result, is said twice, elsewhere than the service's
 * own errors, in half a text, or with a status that says something else.
 */
export function drawUnsure(random: Random, kind: Kind, operation: Operation): Answer {
  const code = random.chance(0.7) ? throttlingOf(operation) : random.pick(OTHER_CODES[kind]);
  const { statuses, body } = random.pick(unsureForms(kind, operation, code));
  const whole = random.pick(body);
  const cut = random.chance(0.1) ? random.int(1, whole.length - 1) : whole.length;
  return { status: random.pick(statuses), body: whole.slice(0, cut) };
}

/** The ways to say a code so that it proves nothing. */
export function unsureForms(kind: Kind, operation: Operation, code: string): Form[] {
  return FORMS[kind](code, throttlingOf(operation));
}

function throttlingOf({ throttled = [] }: Operation) {
  return throttled[0] ?? "";
}

/** Codes that would say "no" alone: of an input, of a clock, of a token. */
const OTHER_CODES = {
  rpc: ["InvalidParameter", "AuthFailure.SignatureExpire", "AuthFailure.TokenFailure"],
  rest: ["Client.1", "APIGW.0303", "APIGW.0301"],
} as const;

interface Form {
  statuses: readonly number[];
  body: readonly string[];
}

const FORMS: Record<Kind, (code: string, throttled: string) => Form[]> = {
  rpc(code, throttled) {
    const said = `"Code":"${code}","Message":"no"`;
    const error = `"Error":{${said}}`;
    return [
      {
        statuses: [200, 200, ...REFUSED],
        body: [
          `{"Response":{${error},${RESULT},"RequestId":"r-1"}}`,
          `{"Response":{${RESULT},${error}}}`,
          `{${RESULT},"Response":{${error}}}`,
          `{"Response":{${error},"Data":[{${RESULT}}]}}`,
          `{"Response":{"Error":{${said},"Result":{${RESULT}}}}}`,
        ],
      },
      {
        statuses: [200, 200, ...REFUSED],
        body: [
          `{"Response":{${RESULT}},"Response":{${error}}}`,
          `{"\\u0052esponse":{${RESULT}},"Response":{${error}}}`,
          `{"Response":{"Error":{"Code":"InternalError"},${error}}}`,
          `{"Response":{"Error":{"Code":"InternalError",${said}}}}`,
          `{"Response":{"Error":{"\\u0043ode":"InternalError",${said}}}}`,
          `{"Response":{${error},"Warning":{"Code":"InternalError"}}}`,
          `{"Response":{${error},"TaskId":5}}`,
          `{"Response":{"Error":{"Data":{${said}}}}}`,
          `{"Response":{"Error":[{${said}}]}}`,
          `{"Data":{"Response":{${error}}}}`,
          `[{"Response":{${error}}}]`,
          `{${error}}`,
          ...gateway(code),
        ],
      },
      { statuses: REFUSED, body: [`{"Response":{"Errors":[{${said}}]}}`] },
      {
        statuses: [429, ...FAILED],
        body: spellings(throttled).map((name) => `{"Response":{"Error":{"Code":"${name}"}}}`),
      },
      { statuses: FAILED, body: [throttled, code].map((name) => `{"Response":{"Error":{"Code":"${name}"}}}`) },
      {
        statuses: [200],
        body: [" InternalError", "INTERNAL_ERROR", "Internal Server Error", "InternalFailure"].map(
          (name) => `{"Response":{"Error":{"Code":"${name}"}}}`,
        ),
      },
      { statuses: [200], body: ["", " \n"] },
    ];
  },
  rest(code, throttled) {
    const error = `"error_code":"${code}","error_msg":"no"`;
    const nested = `"error":{"code":"${code}","message":"no"}`;
    return [
      {
        statuses: [200, 401, ...REFUSED],
        body: [
          `{${error},${RESULT}}`,
          `{${RESULT},${nested}}`,
          `{${error},"restore":{${RESULT}}}`,
          `{${error},"restores":[{${RESULT}}]}`,
          `{"error":{"code":"${code}",${RESULT}}}`,
        ],
      },
      {
        statuses: [200, 202, 401, ...REFUSED],
        body: [
          `{"error_code":"InternalError",${error}}`,
          `{"error_\\u0063ode":"InternalError",${error}}`,
          `{${error},"errorCode":"InternalError"}`,
          `{${error},"job_id":"j-1"}`,
          `{"error":{"code":"InternalError"},${nested}}`,
          `{"error":{"code":"InternalError","code":"${code}"}}`,
          `{${error},${nested}}`,
        ],
      },
      {
        statuses: [401, ...REFUSED],
        body: [
          `[{${error}}]`,
          `{"errors":[{${error}}]}`,
          `{"error":[{"code":"${code}"}]}`,
          `{"results":{${error}}}`,
          `{"Response":{"Error":{"Code":"${code}"}}}`,
          '{"message":"API rate limit exceeded"}',
          ...gateway(code).filter((text) => !text.startsWith('{"code"')),
        ],
      },
      { statuses: [429, ...FAILED], body: spellings(throttled).map((name) => `{"error_code":"${name}"}`) },
      { statuses: [413], body: ['{"code":413,"message":"the answer is too large"}'] },
      { statuses: [200, 201, 202], body: [`{${error}}`, `{${nested}}`] },
      { statuses: FAILED, body: [`{"error_code":"${throttled}","error_msg":"no"}`, `{${error}}`] },
      { statuses: [200], body: ["", " \n"] },
    ];
  },
};

/** Errors of whoever stands before the service, which never heard of its envelope. */
function gateway(code: string) {
  return [
    `{"code":"${code}","message":"no"}`,
    '{"message":"Too Many Requests"}',
    `{"fault":{"detail":{"errorcode":"${code}"}}}`,
  ];
}

/** A code as the service does not document it. */
function spellings(code: string) {
  const others = [code.toLowerCase(), code.toUpperCase(), ` ${code}`, `${code} `, `${code}\\n`, `\\uFEFF${code}`];
  return [...others, `${code}.More`].filter((other) => other !== code);
}
