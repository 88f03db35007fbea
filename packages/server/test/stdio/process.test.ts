import { describe, expect, it } from "vitest";
import { startChild } from "../support/child.ts";
import { call, initialize } from "../support/stdio.ts";

const line = (message: unknown): string => `${JSON.stringify(message)}\n`;
const answers = (stdout: string) =>
  stdout
    .split("\n")
    .filter((text) => text !== "")
    .map((text) => JSON.parse(text) as { jsonrpc: string; id: unknown });

describe("a server process on stdio", () => {
  it("writes nothing but the protocol to standard output, whatever its handlers write", async () => {
    await using child = startChild("stdio");
    child.process.stdin.write(line(initialize));
    child.process.stdin.write(line(call(1, "noisy", {})));
    child.process.stdin.write("no json\n");
    await child.line("stdout", (text) => text.includes('"id":null'));
    await child.line("stdout", (text) => text.includes('"id":1'));
    child.process.stdin.end();
    expect(await child.exited()).toBe(0);
    expect(answers(child.stdout()).map((message) => [message.jsonrpc, message.id])).toEqual(
      expect.arrayContaining([
        ["2.0", "init"],
        ["2.0", 1],
        ["2.0", null],
      ]),
    );
    expect(answers(child.stdout())).toHaveLength(3);
    expect(child.stderr()).toContain("noise from console.log");
    expect(child.stderr()).toContain("noise from process.stdout");
  });

  it("ends with its input, having answered what came last", async () => {
    await using child = startChild("stdio");
    child.process.stdin.end(line(initialize) + line(call(1, "noisy", {})));
    expect(await child.exited()).toBe(0);
    expect(answers(child.stdout()).map((message) => message.id)).toEqual(["init", 1]);
    expect(
      child
        .records()
        .map((record) => record.type)
        .slice(-2),
    ).toEqual(["server.stopped", "log.stopped"]);
  });

  it("drains on SIGTERM: the running call is answered, recorded, and the exit is clean", async () => {
    await using child = startChild("stdio");
    child.process.stdin.write(line(initialize) + line(call(1, "slow", {})));
    await child.line("stderr", (text) => text === "slow has started");
    child.process.kill("SIGTERM");
    expect(await child.exited()).toBe(0);
    expect(child.stdout()).toContain("finished while stopping");
    expect(child.records().filter((record) => record.type === "call.outcome")).toMatchObject([
      { outcome: { code: "ok" } },
    ]);
  });

  it("ends when its client is gone and nobody reads any more", async () => {
    await using child = startChild("stdio");
    child.process.stdin.write(line(initialize));
    await child.line("stdout", (text) => text.includes("init"));
    child.process.stdout.destroy();
    child.process.stdin.end(line(call(1, "noisy", {})));
    expect(await child.exited()).toBe(0);
  });
});

describe("a server process on HTTP", () => {
  it("drains on SIGTERM and exits 0, and its log is whole", async () => {
    await using child = startChild("http");
    const serving = JSON.parse(await child.line("stderr", (text) => text.includes('"serving"'))) as { address: string };
    const answer = fetch(serving.address, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
      body: JSON.stringify(call(1, "slow", {})),
    }).then((response) => response.text());
    await child.line("stderr", (text) => text === "slow has started");
    child.process.kill("SIGTERM");
    expect(await answer).toContain("finished while stopping");
    expect(await child.exited()).toBe(0);
    expect(child.stdout()).toBe("");
    expect(child.records().map((record) => record.type)).toContain("server.stopped");
  });
});
