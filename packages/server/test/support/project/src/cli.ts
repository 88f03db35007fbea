import { startCommand } from "../../../../src/command-line/start.ts";

await startCommand("project", () => import("./main.ts"));
