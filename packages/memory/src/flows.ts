/**
 * Limits that publications with the same key share (qstash.md section 7).
 *
 * @module
 */

import type { FlowControl } from "@umbel/protocol";

/** What is known of the keys. None is forgotten: it lives as long as the broker. */
export interface Flows {
  /** Takes over the limits of the newest publication. */
  learn(limits: FlowControl): void;
  /** Makes these a key's limits, whatever is learned; undefined: what was learned counts again. */
  pin(key: string, limits: Omit<FlowControl, "key"> | undefined): void;
  /** When a message may be delivered: milliseconds since 1970, `undefined` when another delivery has to end first. */
  instantOf(message: Limited): number | undefined;
  begin(key: string | undefined): void;
  end(key: string | undefined): void;
}

/** What limits hold for. */
export interface Limited {
  /** Milliseconds since 1970. */
  readonly dueAt: number;
  readonly flowKey?: string | undefined;
}

interface Flow {
  /** The newest publication's; none before there was one. */
  learned: Omit<FlowControl, "key">;
  pinned: Omit<FlowControl, "key"> | undefined;
  /** Deliveries that are open. */
  open: number;
  /** When the window of the rate began, with its first delivery. */
  windowStart: number;
  /** Deliveries begun in it. */
  begun: number;
}

/** Creates it; no key has limits. */
export function createFlows(now: () => number): Flows {
  const flows = new Map<string, Flow>();
  const find = (key: string | undefined) => (key === undefined ? undefined : flows.get(key));

  return {
    learn({ key, ...limits }) {
      obtain(key).learned = limits;
    },

    pin(key, limits) {
      obtain(key).pinned = limits;
    },

    instantOf({ dueAt, flowKey }) {
      const flow = find(flowKey);
      if (!flow) return dueAt;
      const { parallelism = Infinity, rate = Infinity } = limitsOf(flow);
      if (flow.open >= parallelism) return undefined;
      return flow.begun < rate ? dueAt : Math.max(dueAt, windowEnd(flow));
    },

    begin(key) {
      const flow = find(key);
      if (!flow) return;
      if (now() >= windowEnd(flow)) Object.assign(flow, { windowStart: now(), begun: 0 });
      flow.open += 1;
      flow.begun += 1;
    },

    end(key) {
      const flow = find(key);
      if (flow) flow.open -= 1;
    },
  };

  function obtain(key: string): Flow {
    const flow = flows.get(key) ?? { learned: {}, pinned: undefined, open: 0, windowStart: 0, begun: 0 };
    flows.set(key, flow);
    return flow;
  }
}

function limitsOf({ pinned, learned }: Flow): Omit<FlowControl, "key"> {
  return pinned ?? learned;
}

function windowEnd(flow: Flow): number {
  const { period = 1 } = limitsOf(flow);
  return flow.windowStart + period * 1000;
}
