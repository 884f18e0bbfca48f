/** How many values a property is tried on. */
export const runs: number = process.env["UMBEL_TEST_LEVEL"] === "full" ? 10_000 : 300;
