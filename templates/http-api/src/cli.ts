#!/usr/bin/env node
import { startCommand } from "@hardened-mcp/server/start";

await startCommand("my-server", () => import("./main.ts"));
