import { median, shown, table } from "../lib/measure.ts";
import { guardedEcho, input, noAudit, output } from "../servers/echo-tool.ts";

const CALLS = 50_000;
const ROUNDS = 7;

/** CPU of one call in this process, in microseconds: the path alone, beside the parsing and the handler it wraps. */
export async function benchCallPath(): Promise<string> {
  // The path is private to its package, and only a bench has a reason to walk it without a transport.
  const { walkCallPath } = (await import(
    new URL("../../../packages/server/dist/call/path.js", import.meta.url).href
  )) as {
    walkCallPath(guard: unknown, request: unknown): Promise<{ ok: boolean }>;
  };
  const server = guardedEcho(noAudit);
  const principal = {
    issuer: "local",
    subject: "bench",
    scopes: new Set(server.scopes),
    roles: [],
    assurance: "local",
  };
  const request = {
    method: "tools/call",
    name: "echo",
    args: { text: "hello" },
    origin: { transport: "stdio", principal },
    signal: new AbortController().signal,
    progress: undefined,
    traceparent: undefined,
  };
  const guarded = async (): Promise<void> => {
    if (!(await walkCallPath(server.guard, request)).ok) throw new Error("the call was refused");
  };
  const floor = async (): Promise<void> => {
    const { text } = input.parse(request.args);
    JSON.stringify(output.parse(await Promise.resolve({ text })));
  };
  const cost: Record<"floor" | "guarded", number[]> = { floor: [], guarded: [] };
  for (let round = 0; round < ROUNDS; round++) {
    cost.floor.push(await cpuPerCall(floor));
    cost.guarded.push(await cpuPerCall(guarded));
  }
  const [bare, path] = [median(cost.floor.slice(1)), median(cost.guarded.slice(1))];
  return [
    "### The call path itself",
    "",
    "One call in process, no transport, no audit log: parse, policy, limits, deadline, output check, redaction.",
    "",
    table(
      ["", "CPU per call", "target"],
      [
        ["floor: zod in, handler, zod out, JSON", `${shown(bare)} µs`, ""],
        ["the call path", `${shown(path)} µs`, ""],
        ["**the path's own cost**", `**${shown(path - bare)} µs**`, "at most 60 µs"],
      ],
    ),
  ].join("\n");
}

async function cpuPerCall(call: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  for (let i = 0; i < CALLS; i++) await call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / CALLS;
}
