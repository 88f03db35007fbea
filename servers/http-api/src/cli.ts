#!/usr/bin/env node
import { startCommand } from "@hardened-mcp/server/start";

await startCommand("hardened-mcp-http-api", () => import("./main.ts"));
