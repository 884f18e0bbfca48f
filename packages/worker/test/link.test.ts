import { describe, expect, it } from "vitest";
import { grants, linkTo } from "../src/link.ts";

const now = Date.parse("2026-01-01T00:00:00Z");

/** A link's query, as a server reads it. */
async function queryOf(secret: string, link: { readonly id: string; readonly expires: number }) {
  const query = new URLSearchParams(await linkTo(secret, link));
  return { id: link.id, expires: query.get("expires") ?? undefined, signature: query.get("signature") ?? undefined };
}

describe("a signed link", () => {
  it("grants reading its own result until its end", async () => {
    const query = await queryOf("secret", { id: "a", expires: now + 1000 });

    expect(await grants("secret", query, now)).toBe(true);
    expect(await grants("secret", query, now + 999)).toBe(true);
    expect(await grants("secret", query, now + 1000)).toBe(false);
  });

  it("grants nothing else", async () => {
    const query = await queryOf("secret", { id: "a", expires: now + 1000 });
    const later = String(now + 5000);

    expect(await grants("other", query, now)).toBe(false);
    expect(await grants("secret", { ...query, id: "b" }, now)).toBe(false);
    expect(await grants("secret", { ...query, expires: later }, now)).toBe(false);
    expect(await grants("secret", { ...query, expires: undefined }, now)).toBe(false);
    expect(await grants("secret", { ...query, expires: "soon" }, now)).toBe(false);
    expect(await grants("secret", { ...query, signature: undefined }, now)).toBe(false);
    expect(await grants("secret", { ...query, signature: "" }, now)).toBe(false);
  });

  it("cannot be cut and joined anew from another one", async () => {
    const query = await queryOf("secret", { id: "b", expires: Number(`${now + 1000}`) });

    expect(await grants("secret", { ...query, id: "1\nb", expires: String(now + 1000).slice(0, -1) }, 0)).toBe(false);
  });
});
