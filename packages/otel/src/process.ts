/**
 * The spans of a message that is handled: one around all of it, and within that the attempt and the finish.
 *
 * @module
 */

import { context, createContextKey, type Link, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Steps } from "@umbel/core";
import { processAttributes, requestAttributes } from "./attributes.ts";
import { headersGetter } from "./headers.ts";
import { tellError, tellOutcome } from "./outcome.ts";
import type { Tools } from "./tools.ts";

type Process = Steps["process"];
type Attempt = Steps["attempt"];
type Finish = Steps["finish"];

/** What the steps within a delivery know of its span. */
class Handling {
  readonly span: Span;
  /** An attempt has run, and its span has its error. */
  hasRun = false;

  constructor(span: Span) {
    this.span = span;
  }
}

const handlingKey = createContextKey("umbel: the delivery that is being handled");

/** The span of a delivery, below that of whoever has sent the message; linked to the request's own, where there is one. */
export async function processSpan(
  { tracer, propagator, system }: Tools,
  { message: { headers }, queue, hostname }: Process["about"],
  proceed: () => Promise<unknown>,
): Promise<void> {
  const active = context.active();
  const parent = propagator().extract(active, headers, headersGetter);
  const links = linksTo(trace.getSpan(active), trace.getSpan(parent));
  const attributes = processAttributes({ headers, queue, system: system() }, hostname);
  const span = tracer.startSpan(`run/${headers.task}`, { kind: SpanKind.CONSUMER, attributes, links }, parent);
  const within = trace.setSpan(parent, span).setValue(handlingKey, new Handling(span));
  try {
    tellAnswer(span, await context.with(within, proceed));
  } catch (error) {
    tellError(span, error);
  } finally {
    span.end();
  }
}

/** The span of an attempt: those that the body opens lie below it. */
export async function attemptSpan(
  { tracer }: Tools,
  { task, request }: Attempt["about"],
  proceed: () => Promise<Attempt["end"]>,
): Promise<void> {
  const handling = handlingHere();
  if (handling !== undefined) handling.hasRun = true;
  await tracer.startActiveSpan(`attempt/${task.name}`, { attributes: requestAttributes(request) }, async (span) => {
    try {
      const { outcome } = await proceed();
      tellOutcome(span, { task, outcome }, { exception: true });
    } finally {
      span.end();
    }
  });
}

/** The span of an end: it is stored, and what follows is sent. The delivery's span is told how its task has ended. */
export async function finishSpan(
  { tracer }: Tools,
  { task, request }: Finish["about"],
  proceed: () => Promise<Finish["end"]>,
): Promise<void> {
  const handling = handlingHere();
  await tracer.startActiveSpan(`finish/${request.task}`, { attributes: requestAttributes(request) }, async (span) => {
    try {
      const outcome = await proceed();
      span.setAttribute("celery.state", outcome.state);
      if (handling?.span.isRecording() !== true) return;
      tellOutcome(handling.span, { task, outcome }, { exception: !handling.hasRun });
    } catch (error) {
      tellError(span, error);
    } finally {
      span.end();
    }
  });
}

function handlingHere(): Handling | undefined {
  const found = context.active().getValue(handlingKey);
  return found instanceof Handling ? found : undefined;
}

/** The request that brought the message, where its span is not what the message says that it comes from. */
function linksTo(request: Span | undefined, sender: Span | undefined): Link[] {
  return request === undefined || request === sender ? [] : [{ context: request.spanContext() }];
}

/** An answer that makes the broker come back, but for that of a task that runs elsewhere, is an error of ours. */
function tellAnswer(span: Span, answer: unknown): void {
  if (!(answer instanceof Response) || answer.status < 500) return;
  span.setAttribute("error.type", String(answer.status));
  span.setStatus({ code: SpanStatusCode.ERROR, message: `answered ${answer.status}: the message will come again` });
}
