import { describe, expect, it } from "vitest";
import { readAddress } from "../src/application/module-address.ts";

describe("what -A names", () => {
  it.each([
    ["./tasks.ts", { module: "./tasks.ts" }],
    ["tasks", { module: "tasks" }],
    ["tasks:shop", { module: "tasks", name: "shop" }],
    ["./src/tasks.ts:app", { module: "./src/tasks.ts", name: "app" }],
    ["@shop/tasks:default", { module: "@shop/tasks", name: "default" }],
    ["C:\\shop\\tasks.ts", { module: "C:\\shop\\tasks.ts" }],
    ["file:///shop/tasks.ts", { module: "file:///shop/tasks.ts" }],
    ["file:///shop/tasks.ts:app", { module: "file:///shop/tasks.ts", name: "app" }],
  ])("is a module, and perhaps an export: %s", (text, address) => {
    expect(readAddress(text)).toEqual(address);
  });
});
