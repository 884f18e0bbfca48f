/**
 * How a task ended, on its spans.
 *
 * @module
 */

import { type Attributes, type Span, SpanStatusCode } from "@opentelemetry/api";
import type { Outcome, RegisteredTask } from "@umbel/core";

/** An end, and whose it is. */
export interface Told {
  readonly task: RegisteredTask | undefined;
  readonly outcome: Outcome;
}

/**
 * Tells of an end. A failure makes the span one, unless the task says that it `throws` such an error. With `exception: true`
 * the error itself is recorded: in one span of a task, and no more.
 */
export function tellOutcome(span: Span, { task, outcome }: Told, { exception }: { readonly exception: boolean }): void {
  span.setAttributes({ "celery.state": outcome.state, ...reasonOf(outcome) });
  if (outcome.state !== "FAILURE" || isExpected(task, outcome.error)) return;
  if (exception) tellError(span, outcome.error);
  else fail(span, outcome.error);
}

/** Why it is to come again, or never will. */
function reasonOf(outcome: Outcome): Attributes {
  switch (outcome.state) {
    case "RETRY":
      return { "celery.retry.reason": messageOf(outcome.error ?? "") };
    case "REVOKED":
      return { "celery.revoked.reason": outcome.reason };
    case "REJECTED":
      return { "celery.rejected.reason": outcome.reason };
    case "FAILURE":
    case "SUCCESS":
    case "IGNORED":
    case "REPLACED":
      return {};
  }
}

/** Records an error, and says that the span has failed of it. */
export function tellError(span: Span, error: unknown): void {
  span.recordException(error instanceof Error ? error : String(error));
  fail(span, error);
}

function fail(span: Span, error: unknown): void {
  span.setAttribute("error.type", error instanceof Error ? error.name : typeof error);
  span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isExpected(task: RegisteredTask | undefined, error: unknown): boolean {
  return (task?.options.throws ?? []).some((each) => error instanceof each);
}
