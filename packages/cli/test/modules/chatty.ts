/** The diary, in a module that talks. */

console.log("Good morning");

export { app } from "./diary.ts";
