/**
 * What lies beside a port: a store's view for operators, a broker's desk. Adapters know where theirs is.
 *
 * @module
 */

/** What the first finds that knows the adapter of this port; undefined when none does. */
export function firstBeside<Port, Found>(
  besides: readonly ((port: Port) => Found | undefined)[],
  port: Port,
): Found | undefined {
  for (const beside of besides) {
    const found = beside(port);
    if (found !== undefined) return found;
  }
  return undefined;
}
