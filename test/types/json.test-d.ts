import { describe, expectTypeOf, it } from "vitest";
import { app } from "./tasks.ts";

interface Page {
  readonly url: string;
  readonly links: readonly string[];
  readonly depth?: number;
  readonly parent: Page | null;
  readonly kind: "html" | "text";
  readonly headers: Readonly<Record<string, string>>;
  readonly extra: unknown;
}

type Tree = { readonly name: string; readonly children: Tree[] };
type Value = string | number | boolean | null | Value[] | { [key: string]: Value };

declare const brand: unique symbol;

class Money {
  readonly amount: number = 1;
  double(): number {
    return this.amount * 2;
  }
}

describe("what JSON carries", () => {
  it("passes as parameters: interfaces, lists, unions, optional members, what refers to itself, unknown", () => {
    app.task("a", (page: Page, tree: Tree, value: Value) => [page, tree, value]);
    app.task("a", (tuple: readonly [number, Page, string?], options: object, anything: unknown) => [
      tuple,
      options,
      anything,
    ]);
  });

  it("passes as results, promised or not", () => {
    app.task("a", (page: Page) => page);
    app.task("a", async (value: Value) => await Promise.resolve({ value, list: [value] as const }));
  });

  it("passes when its type is a text or an object with a brand", () => {
    app.task("a", (id: string & { readonly [brand]: "id" }, page: Page & { readonly [brand]: symbol }) => [id, page]);
  });

  it("passes with members that may be undefined, for they are left out then", () => {
    app.task("a", (page: { readonly title: string | undefined; readonly links?: string[] | undefined }) => page);
  });

  it("passes when a task returns nothing, or nothing now and then", () => {
    app.task("a", async () => {
      await Promise.resolve();
    });
    app.task("a", (id: number): string | undefined => ["a"][id]);
  });
});

describe("what JSON does not carry", () => {
  it("is refused as a parameter: Date, Map, Set, bigint, symbol, function", () => {
    // @ts-expect-error: a Date
    app.task("a", (when: Date) => when.getTime());
    // @ts-expect-error: a Map
    app.task("a", (pages: ReadonlyMap<string, Page>) => pages.size);
    // @ts-expect-error: a Set
    app.task("a", (urls: Set<string>) => urls.size);
    // @ts-expect-error: a BigInt
    app.task("a", (amount: bigint) => String(amount));
    // @ts-expect-error: a symbol
    app.task("a", (key: symbol) => key.description ?? "");
    // @ts-expect-error: a function
    app.task("a", (done: () => void) => done());
  });

  it("is refused as a parameter: binary data, instances of classes, promises", () => {
    // @ts-expect-error: binary data
    app.task("a", (body: Uint8Array) => body.length);
    // @ts-expect-error: a class with methods
    app.task("a", (price: Money) => price.amount);
    // @ts-expect-error: a class of the platform
    app.task("a", (url: URL) => url.href);
    // @ts-expect-error: a promise
    app.task("a", async (page: Promise<Page>) => await page);
  });

  it("is refused as a result", () => {
    // @ts-expect-error: a Date
    app.task("a", () => new Date());
    // @ts-expect-error: a list of BigInts
    app.task("a", async () => await Promise.resolve([1n]));
    // @ts-expect-error: a class with methods
    app.task("a", () => new Money());
  });

  it("is refused deep inside", () => {
    // @ts-expect-error: rows[].at is a Date
    app.task("a", (table: { readonly rows: readonly { readonly at: Date }[] }) => table.rows.length);
    // @ts-expect-error: pages is a Map
    app.task("a", (url: string) => ({ url, pages: new Map([[url, 1]]) }));
  });

  it("is refused as one of several types", () => {
    // @ts-expect-error: it may be a Date
    app.task("a", (when: string | Date) => String(when));
    // @ts-expect-error: it may be a Date
    app.task("a", (range: { readonly from?: Date }) => String(range.from));
  });

  it("is refused of a bound task", () => {
    // @ts-expect-error: a Date
    app.task({ name: "a", bind: true }, (call, when: Date) => [call.name, when.getTime()]);
  });

  it("is refused as an element of a list that may be undefined", () => {
    // @ts-expect-error: undefined has no form in JSON
    app.task("a", (titles: (string | undefined)[]) => titles.length);
    // @ts-expect-error: undefined has no form in JSON
    app.task("a", (pair: [string, number | undefined]) => pair.length);
  });

  it("is let through where the types say nothing", () => {
    expectTypeOf(app.task("a", (value: unknown) => value).delay).toBeCallableWith(new Date());
  });
});
