/** What the server does, once, to a write that it has read whole: the columns of the resend table. */
export const COLUMNS = {
  "reset before the reply": { kind: "resetAfterBody" },
  "closed before the reply": { kind: "closeAfterBody" },
  "answer 408 + close": { kind: "answer", status: 408, close: true },
  "answer 421": { kind: "answer", status: 421 },
  "reply cut in the middle": { kind: "halfAnswer" },
};
