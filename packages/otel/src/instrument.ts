/**
 * Puts spans around the steps of an application's tasks.
 *
 * A message is sent in a span of its sender, whose context travels in its headers; it is handled in a span of the worker,
 * below that one. Within lie the attempt, in which the body runs, and the finish, in which what follows is sent.
 *
 * @module
 */

import { propagation, type TextMapPropagator, trace, type TracerProvider } from "@opentelemetry/api";
import { around, type CallingApplication } from "@umbel/core";
import { attemptSpan, finishSpan, processSpan } from "./process.ts";
import { publishSpans } from "./publish.ts";
import { traceContext } from "./trace-context.ts";

/** An application whose tasks are to be traced. */
export type InstrumentedApplication = Pick<CallingApplication, "broker" | "logger" | "signals">;

/** Options of {@link instrument}. */
export interface InstrumentOptions {
  /** Defaults to the one that is registered, be it later. */
  readonly tracerProvider?: TracerProvider;
  /** Defaults to the one that is registered; where there is none, to W3C Trace Context. */
  readonly propagator?: TextMapPropagator;
}

/** What undoes an instrumentation, by the application's signals: they are the same ones wherever it is served. */
const undone = new WeakMap<object, () => void>();

/**
 * Has an application's tasks traced, in the processes that send them and in those that run them. Returns what ends that. An
 * application is instrumented once: a second time takes the first one's place. Nothing that goes wrong in a span reaches a task.
 */
export function instrument(app: InstrumentedApplication, options: InstrumentOptions = {}): () => void {
  undone.get(app.signals)?.();
  const tools = {
    tracer: (options.tracerProvider ?? trace).getTracer("@umbel/otel"),
    propagator: () => options.propagator ?? registered(),
    system: () => systemOf(app),
  };
  const undo = around(app, {
    publish: async (messages, proceed) => await publishSpans(tools, messages, proceed),
    process: async (incoming, proceed) => await processSpan(tools, incoming, proceed),
    attempt: async (attempting, proceed) => await attemptSpan(tools, attempting, proceed),
    finish: async (ending, proceed) => await finishSpan(tools, ending, proceed),
  });
  undone.set(app.signals, undo);
  return undo;
}

/** The broker's name. A program that runs its tasks itself needs none. */
function systemOf(app: InstrumentedApplication): string {
  try {
    return app.broker.name;
  } catch {
    return "umbel";
  }
}

/** The API's own carries nothing until one is registered. */
function registered(): TextMapPropagator {
  return propagation.fields().length > 0 ? propagation : traceContext;
}
