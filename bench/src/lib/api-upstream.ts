import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The API that all servers under test call, in a process of its own: what it costs falls on nobody's account. */
export interface ApiUpstream {
  readonly baseUrl: string;
  stop(): Promise<void>;
}

export async function startApiUpstream(): Promise<ApiUpstream> {
  const script = fileURLToPath(new URL("../servers/api-upstream.js", import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
  const [port] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    async stop() {
      const gone = once(child, "exit");
      child.kill();
      await gone;
    },
  };
}
