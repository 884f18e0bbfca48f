/** Settings, of which hardly any are. */

export const result_expirs = 60;
export const task_default_qeue = "mail";
export const timezone = 7;
export const task_acks_late = true;
