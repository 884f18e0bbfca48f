import { Umbel } from "@umbel/core";
import type { CallerBackend, ScheduleStore } from "@umbel/protocol";
import { ImproperlyConfigured, NotSupportedError } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { storeOf } from "../src/store.ts";

describe("the store of an application's entries", () => {
  it("is the one that is given", () => {
    const store = storeNamed("sql");

    expect(storeOf(appOn("redis"), { store, stores: [() => storeNamed("redis")] })).toBe(store);
  });

  it("is the first that is known beside its backend", () => {
    const stores = [besideRedis, () => storeNamed("any")];

    expect(storeOf(appOn("redis"), { stores }).name).toBe("redis");
    expect(storeOf(appOn("sql"), { stores }).name).toBe("any");
  });

  it("is missed with a sentence that says how to give one", () => {
    const app = appOn("sql");
    const ask = () => storeOf(app, { stores: [besideRedis] });

    expect(ask).toThrow(ImproperlyConfigured);
    expect(ask).toThrow(
      'Beat knows no place for its entries beside the backend "sql" of the application "shop": ' +
        "give it one, beat(app, entries, { store }), or take beat from umbel/beat",
    );
  });

  it("is refused to an application without a backend, also when one is given", () => {
    const app = { ...appOn("none"), hasBackend: false };

    expect(() => storeOf(app, { store: storeNamed("sql") })).toThrow(NotSupportedError);
    expect(() => storeOf(app, { store: storeNamed("sql") })).toThrow("beat needs a backend");
  });
});

function appOn(backend: string) {
  return { name: "shop", hasBackend: true, backend: { ...new Umbel("shop").backend, name: backend } };
}

function besideRedis({ name }: CallerBackend): ScheduleStore | undefined {
  return name === "redis" ? storeNamed(name) : undefined;
}

function storeNamed(name: string): ScheduleStore {
  return { name, due: absent, entries: absent, change: absent };
}

async function absent(): Promise<never> {
  return await Promise.reject(new Error("Nobody asks"));
}
