/** What a public function takes or returns can be named by whoever uses it. */

import type {
  Backend,
  BoundTask,
  Broker,
  BrokerTraits,
  CallerBackend,
  CallerBroker,
  Connect,
  Environment,
  EventDetails,
  Publication,
  Receipt,
  Umbel,
  UmbelOptions,
} from "umbel";
import type { BeatOptions, OtherHalves as BeatHalves } from "umbel/beat";
import type {
  Choose,
  DeadLetter,
  Deliver,
  MemoryBroker,
  MemoryBrokerOptions,
  MemoryPush,
  PushAnswer,
  Signer,
  WaitingMessage,
} from "umbel/memory";
import { qstash, type QStashBroker } from "umbel/qstash";
import { scripts, upstash, type UpstashBackend } from "umbel/upstash";
import type { OtherHalves, WatchedOptions, Whole, worker, WorkerApplication, WorkerOptions } from "umbel/worker";
import { describe, expectTypeOf, it } from "vitest";

describe("the names of umbel", () => {
  it("are those of what an application is connected with", () => {
    expectTypeOf<UmbelOptions["broker"]>().toEqualTypeOf<Broker | CallerBroker | Connect<CallerBroker> | undefined>();
    expectTypeOf<UmbelOptions["backend"]>().toEqualTypeOf<
      Backend | CallerBackend | Connect<CallerBackend> | undefined
    >();
    expectTypeOf<Connect<Broker>>().toEqualTypeOf<(environment: Environment) => Broker>();
    expectTypeOf<CallerBroker["traits"]>().toEqualTypeOf<BrokerTraits>();
    expectTypeOf<Parameters<CallerBroker["publish"]>[0]>().toEqualTypeOf<readonly Publication[]>();
    expectTypeOf<Awaited<ReturnType<CallerBroker["publish"]>>>().toEqualTypeOf<readonly Receipt[]>();
    expectTypeOf<Umbel["sendEvent"]>().toEqualTypeOf<BoundTask["sendEvent"]>();
    expectTypeOf<NonNullable<Parameters<BoundTask["sendEvent"]>[1]>>().toEqualTypeOf<EventDetails>();
  });
});

describe("the names of umbel/worker and umbel/beat", () => {
  it("are those of the other halves of ports", () => {
    expectTypeOf<WorkerOptions["brokers"]>().toEqualTypeOf<readonly Whole<CallerBroker, Broker>[] | undefined>();
    expectTypeOf<WorkerOptions["backends"]>().toEqualTypeOf<OtherHalves["backends"] | undefined>();
    expectTypeOf<BeatOptions["brokers"]>().toEqualTypeOf<BeatHalves["brokers"] | undefined>();
    expectTypeOf<Parameters<typeof worker>[0]>().toEqualTypeOf<WorkerApplication>();
    expectTypeOf<WorkerOptions["taskEvents"]>().toEqualTypeOf<WatchedOptions["taskEvents"]>();
  });
});

describe("the names of umbel/qstash and umbel/upstash", () => {
  it("are those of what they connect", () => {
    expectTypeOf(qstash()).toEqualTypeOf<Connect<QStashBroker>>();
    expectTypeOf(upstash()).toEqualTypeOf<Connect<UpstashBackend>>();
  });
});

describe("the names of umbel/memory", () => {
  it("are those of what its broker takes and returns", () => {
    expectTypeOf<MemoryBroker["deadLetters"]>().toEqualTypeOf<readonly DeadLetter[]>();
    expectTypeOf<MemoryBroker["waiting"]>().toEqualTypeOf<readonly WaitingMessage[]>();
    expectTypeOf<MemoryBroker["deliverNext"]>().toEqualTypeOf<(choose?: Choose) => Promise<boolean>>();
    expectTypeOf<MemoryBrokerOptions["deliver"]>().toEqualTypeOf<Deliver | undefined>();
    expectTypeOf<MemoryBrokerOptions["signer"]>().toEqualTypeOf<Signer | undefined>();
    expectTypeOf<Deliver>().toEqualTypeOf<(push: MemoryPush) => PushAnswer | Promise<PushAnswer>>();
  });
});

describe("the names of umbel/upstash", () => {
  it("have the scripts that a gateway's embedded engine is given", () => {
    expectTypeOf(scripts).items.toHaveProperty("twin");
  });
});
