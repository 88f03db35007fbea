// Floor: the SDK's own handler on node:http, with the same tool and nothing around it.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler } from "@modelcontextprotocol/server";
import { sdkEcho } from "./sdk-echo.ts";

const handle = toNodeHandler(createMcpHandler(() => sdkEcho()));
// The adapter's own parameter types predate exactOptionalPropertyTypes; node:http's objects are what it is made for.
const server = createServer((request, response) => void handle(request as never, response));
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
