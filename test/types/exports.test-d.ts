/** What a public function takes or returns can be named by whoever uses it. */

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
import { scripts } from "umbel/upstash";
import { describe, expectTypeOf, it } from "vitest";

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
