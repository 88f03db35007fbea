import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { sdkEcho } from "./sdk-echo.ts";

serveStdio(() => sdkEcho());
