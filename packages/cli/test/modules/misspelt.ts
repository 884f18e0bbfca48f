/** Settings, one of which there is not. */

export const taskDefaultQeue = "slow";
