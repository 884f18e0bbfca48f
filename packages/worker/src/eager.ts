/**
 * Runs calls in the process that makes them: claim, attempt, commit and effects, as for any push, but nothing is pushed.
 *
 * One after the other, in the order in which they were sent; nothing waits for its time. Each call has a store of its own,
 * so that calls with the same id run each time.
 *
 * @module
 */

import {
  type Application,
  type EagerCaller,
  type EagerRun,
  type OpenEagerRun,
  openOversight,
  type OtherHalves,
  perform,
  requestOf,
  serving,
  timeLimitsOf,
  within,
} from "@umbel/core";
import {
  type Backend,
  type Broker,
  decodePush,
  encodePush,
  isTerminal,
  NotSupportedError,
  type Publication,
  type SettleRequest,
  type TaskMessage,
} from "@umbel/protocol";
import { claim } from "./claim.ts";
import { owedBy, settleOwed } from "./hand-over.ts";
import type { Delivery } from "./deliver.ts";
import { end } from "./end.ts";
import { reportReceived } from "./report.ts";

/** What calls run with. */
export interface EagerOptions extends Pick<Partial<OtherHalves>, "backends"> {
  /** Makes an empty store in memory, by a clock in milliseconds since 1970. */
  readonly store: (now: () => number) => Backend;
}

/** Makes what runs calls here. */
export function eagerRuns({ store, backends = [] }: EagerOptions): OpenEagerRun {
  return (caller, applyHere) => {
    const outbox = openOutbox();
    const kept = keepingEnds(store(() => caller.platform.now()));
    const app = appHere(caller, { broker: outbox.broker, backend: kept.backend }, applyHere);
    return {
      app,
      async finish() {
        const failures = await runAll(app, outbox);
        if (app.conf.taskStoreEagerResult && caller.hasBackend) {
          await serving(caller, { backends }).backend.settle(kept.ends());
        }
        return failures;
      },
    };
  };
}

type AppHere = Application & EagerRun["app"];

/** The application with ports of this run's own. */
function appHere(
  caller: EagerCaller,
  ports: Pick<AppHere, "broker" | "backend">,
  applyHere: Parameters<OpenEagerRun>[1],
): AppHere {
  const { name, conf, signals, tasks, composition } = caller;
  const app: AppHere = {
    ...ports,
    name,
    conf,
    signals,
    tasks,
    composition,
    hasBackend: true,
    oversight: openOversight(),
    isEager: true,
    get platform() {
      return caller.platform;
    },
    logger: (origin) => caller.logger(origin),
    apply: async (wire, call) => await caller.apply(wire, call),
    callHere: async (wire, by) => await caller.callHere(wire, by),
    revoke: async (ids, terminate) => await ports.backend.revoke({ ids, terminate, retention: 0 }),
    applyHere: async (wire, call) => await applyHere(app, wire, call),
  };
  return app;
}

interface Outbox {
  readonly broker: Broker;
  /** Takes out what was sent first. */
  readonly next: () => Publication | undefined;
  /** Puts it back, behind all others. */
  readonly putBack: (publication: Publication) => void;
}

/** A broker that keeps what it is given. Nothing of it comes back as a push. */
function openOutbox(): Outbox {
  const waiting: Publication[] = [];
  const seen = new Set<string>();
  const keep = (publication: Publication) => {
    const { deduplicationId } = publication;
    const deduplicated = seen.has(deduplicationId);
    if (!deduplicated) waiting.push(publication);
    seen.add(deduplicationId);
    return { accepted: true, messageId: deduplicationId, deduplicated } as const;
  };
  return {
    broker: {
      name: "eager",
      traits: {
        delay: true,
        deduplication: true,
        priority: false,
        cancel: false,
        flowControl: true,
        maxDelay: Infinity,
        maxMessageSize: Infinity,
        maxBatch: Infinity,
        retryHorizon: 0,
      },
      publish: async (publications) => await Promise.resolve(publications.map(keep)),
      verify: async () => await Promise.reject(nothingPushed()),
      openFailure: () => {
        throw nothingPushed();
      },
    },
    next: () => waiting.shift(),
    putBack: (publication) => void waiting.push(publication),
  };
}

function nothingPushed(): NotSupportedError {
  return new NotSupportedError("What runs in this process is not pushed");
}

/** A store, and the ends that were stored in it. */
function keepingEnds(store: Backend): { readonly backend: Backend; readonly ends: () => readonly SettleRequest[] } {
  const ends = new Map<string, SettleRequest>();
  const backend: Backend = {
    ...store,
    async finish({ effects, fence, ...request }) {
      const { id, state } = request;
      if (isTerminal(state) && !ends.has(id)) ends.set(id, { ...request, state });
      return await store.finish({ effects, fence, ...request });
    },
    async settle(requests) {
      for (const each of requests) if (!ends.has(each.id)) ends.set(each.id, each);
      await store.settle(requests);
    },
  };
  return { backend, ends: () => [...ends.values()] };
}

/** So often at most is one task begun: what never ends elsewhere does so slowly, here it would never return. */
const mostAttempts = 1000;

/** Runs what waits until nothing does; what tasks have failed of. */
async function runAll(app: AppHere, { next, putBack }: Outbox): Promise<readonly unknown[]> {
  const failures: unknown[] = [];
  const begun = new Map<string, number>();
  for (let sent = next(); sent !== undefined; sent = next()) {
    const { id, task } = sent.message.headers;
    const times = (begun.get(id) ?? 0) + 1;
    if (times > mostAttempts)
      throw new NotSupportedError(`${task}[${id}] has no end: it was begun ${mostAttempts} times`);
    begun.set(id, times);
    const failed = await runOne(app, sent);
    if (failed === "later") putBack(sent);
    else failures.push(...failed);
  }
  return failures;
}

async function runOne(app: AppHere, { message: sent, queue }: Publication): Promise<readonly unknown[] | "later"> {
  const message = await decodePush(encodePush(withoutDelay(sent)));
  const delivery: Delivery = { message, queue, hostname: `eager@${app.name}`, redelivered: false, isEager: true };
  return await within(app, { step: "process", about: delivery }, async () => await deliverHere(app, delivery));
}

/** Runs it; what it has failed of. A task that another message has run, and that has not ended, is to be looked at later. */
async function deliverHere(app: AppHere, delivery: Delivery): Promise<readonly unknown[] | "later"> {
  const { message } = delivery;
  const [hard, soft] = message.headers.timelimit ?? [];
  const request = requestOf(message, { ...delivery, limits: timeLimitsOf(app, message.headers.task, { hard, soft }) });
  await reportReceived(app, delivery, request);
  const claimed = await claim(app, delivery, request);
  if ("fence" in claimed) {
    const { outcome } = await end(app, delivery, { request, held: claimed });
    return outcome.state === "FAILURE" ? [outcome.error] : [];
  }
  if (claimed.answer === "done") await perform(app, claimed.effects);
  const owed = owedBy(claimed);
  return owed === undefined || (await settleOwed(app, message, owed)) ? [] : "later";
}

/** Nothing waits for its time. */
function withoutDelay({ headers, ...message }: TaskMessage): TaskMessage {
  return { ...message, headers: { ...headers, eta: null } };
}
