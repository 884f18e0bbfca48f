/** Settings, as a module that an application takes them from. */

export const taskDefaultQueue = "slow";
export const timezone = "Europe/Oslo";
export const worker_concurrency = 4;
