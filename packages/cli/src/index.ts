export type { Output } from "./command.ts";
export { main } from "./main.ts";
