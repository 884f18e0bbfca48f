/**
 * What work costs, whatever else the machine is at.
 *
 * @module
 */

/** Milliseconds for which this process has had a processor. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** What costs less than so many milliseconds is lost in what a runtime does beside. */
const noise = 10;

/** How much more work costs that is four times as large: about 4 where that is in proportion, 16 where it is the square. */
export async function growthOf(work: (size: number) => unknown, size: number): Promise<number> {
  const small = await costOf(work, size);
  const large = await costOf(work, 4 * size);
  return large / Math.max(small, noise);
}

/** The least of a few: the first ones are compiled on the way. */
async function costOf(work: (size: number) => unknown, size: number): Promise<number> {
  const costs: number[] = [];
  while (costs.length < 3) {
    const from = cpuTime();
    await work(size);
    costs.push(cpuTime() - from);
  }
  return Math.min(...costs);
}
