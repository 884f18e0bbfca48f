/**
 * Ports of the machine's loopback that tests on workerd may reach: the lender's, and those of what it has lent.
 *
 * @module
 */

const ports = new Set<number>();

/** Notes the addresses in what was told of something lent. */
export function noteAddresses(told: unknown): void {
  for (const [, port] of (JSON.stringify(told) ?? "").matchAll(/127\.0\.0\.1:(\d+)/g)) ports.add(Number(port));
}

/** Whether something that was lent listens there. */
export function isLent(port: number): boolean {
  return ports.has(port);
}
