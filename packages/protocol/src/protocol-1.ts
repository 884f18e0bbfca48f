/**
 * Celery's message protocol 1, which is only read (celery-wire.md 3.3).
 *
 * @module
 */

import { repr, reprArgs } from "./repr.ts";

/** What a sender may leave out. */
const defaults = {
  args: [],
  kwargs: {},
  retries: 0,
  eta: null,
  expires: null,
  timelimit: [null, null],
  group: null,
  group_index: null,
  callbacks: null,
  errbacks: null,
  chord: null,
};

/** A body of protocol 1 as a message of protocol 2, the way Celery's worker turns it. Its fields are yet to be checked. */
export function modernized(body: Readonly<Record<string, unknown>>, properties: unknown): Record<string, unknown> {
  const whole: Readonly<Record<keyof typeof defaults, unknown>> = { ...defaults, ...body };
  const { args, kwargs, retries, eta, expires, timelimit, group_index, callbacks, errbacks, chord } = whole;
  const { task, id, taskset } = body;
  const reprs = { argsrepr: Array.isArray(args) ? reprArgs(args) : repr(args), kwargsrepr: repr(kwargs) };
  const ids = { root_id: id, parent_id: null, group: taskset ?? whole.group, group_index };
  return {
    headers: { task, id, retries, eta, expires, timelimit, ...ids, ...reprs },
    properties,
    body: [args, kwargs, { callbacks, errbacks, chain: null, chord }],
  };
}
