import { type Attributes, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import type { CallEvent, Hooks, ResponseEvent } from "./hooks.js";

export interface TracingOptions {
  /** Default: the tracer of the global provider. */
  tracer?: Tracer;
}

/**
 * Hooks that make one span of each call, below the caller's own, by OpenTelemetry's conventions for HTTP clients.
 *
 * A span has what hooks get to see: the path with the names of its parameters, never a URL, a header or a body.
 */
export function tracing(options: TracingOptions = {}): Hooks {
  const tracer = options.tracer ?? trace.getTracer("@restorekit/core");
  const spans = new Map<number, Span>();

  return {
    onRequest(event) {
      if (event.attempt > 1) return;
      const name = `${event.method} ${event.path}`;
      spans.set(event.call, tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes: ofCall(event) }));
    },
    onRetry(event) {
      const wait = { "restorekit.wait_ms": Math.round(event.waitMs) };
      spans.get(event.call)?.addEvent("retry", { ...ofAnswer(event), ...wait });
    },
    onEnd(event) {
      const span = spans.get(event.call);
      spans.delete(event.call);
      span?.setAttributes({ ...ofAnswer(event), ...ofResends(event) });
      if (event.outcome !== "result") span?.setStatus({ code: SpanStatusCode.ERROR });
      span?.end();
    },
  };
}

function ofCall({ service, operation, effect, method, host, port, path }: CallEvent): Attributes {
  return {
    "http.request.method": method,
    "server.address": host.replace(/:\d+$/, ""),
    "server.port": port,
    "url.template": path,
    "rpc.service": service,
    "rpc.method": operation,
    "restorekit.effect": effect,
  };
}

function ofAnswer({ outcome, status, code, requestId, executed }: ResponseEvent): Attributes {
  return {
    ...(status === undefined ? {} : { "http.response.status_code": status }),
    ...(outcome === "result" ? {} : { "error.type": code ?? outcome, "restorekit.outcome": outcome }),
    ...(requestId === undefined ? {} : { "restorekit.request_id": requestId }),
    ...(executed === undefined ? {} : { "restorekit.executed": executed }),
  };
}

function ofResends({ attempt }: ResponseEvent): Attributes {
  return attempt > 1 ? { "http.request.resend_count": attempt - 1 } : {};
}
