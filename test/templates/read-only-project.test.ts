import { chmodSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import {
  at,
  CAN_BE_OTHERS,
  environmentOf,
  makeOwnedFolder,
  run,
  runIn,
  SERVES_PLAIN,
  SERVICE,
  serveOnce,
  valuesIn,
  wordsOf,
} from "./support/service-user.ts";
import { sharedFor } from "./support/shared.ts";

const chosenFor = (template: string) => ({ template, transport: "http", auth: "none", state: "sqlite", pm: "npm" });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hardened-mcp-read-only-"));
  chmodSync(folder, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Where the templates keep what they write, by the variable of the unit that names it. */
const WRITTEN = [
  ["minimal", "HARDENED_MCP_NOTES_FILE"],
  ["database", "HARDENED_MCP_DATABASE_FILE"],
  ["filesystem", undefined],
  ["http-api", undefined],
] as const;

describe.runIf(CAN_BE_OTHERS)(
  "a project that belongs to root, to a server that runs as the unit's user",
  { timeout: 120_000 },
  () => {
    it.each(WRITTEN)(
      "%s is served, twice, and what is written lies where that user may write",
      async (template, key) => {
        const unit = sharedFor("deploy/mcp-my-server.service", chosenFor(template));
        const state = makeOwnedFolder(join(folder, template), [SERVICE, SERVICE, 0o700]);
        const here = (text: string) =>
          text.replaceAll("/var/lib/mcp-my-server", state).replaceAll("/usr/bin/node", process.execPath);
        const environment = environmentOf(here(unit));
        for (const _ of ["first", "again"]) {
          for (const line of valuesIn(unit, "ExecStartPre")) {
            expect(runIn(at(template), SERVICE, wordsOf(line).map(here))).toMatchObject({ status: 0, stderr: "" });
          }
          expect(await serveOnce(template, environment)).toEqual(SERVES_PLAIN);
        }
        if (key === undefined) return;
        const file = environment[key] ?? "";
        expect(statSync(file).uid).toBe(SERVICE);
        expect(run(SERVICE, "/usr/bin/test", "-w", dirname(file)).status).toBe(0);
        expect(run(SERVICE, "/usr/bin/test", "-w", at(template)).status, "nor may it write anywhere else").toBe(1);
      },
    );

    it.each([
      ["readable", 0o755],
      ["closed", 0o700],
    ])("a database in a folder that is %s and root's ends the start with what to do", async (name, mode) => {
      const closed = makeOwnedFolder(join(folder, name), [0, 0, mode]);
      const home = makeOwnedFolder(join(folder, `${name}-home`), [SERVICE, SERVICE, 0o700]);
      const file = join(closed, "shop.db");
      expect(await serveOnce("database", { XDG_STATE_HOME: home, HARDENED_MCP_DATABASE_FILE: file })).toEqual({
        code: 78,
        said: expect.stringMatching(
          /shop\.db cannot be made from sample\/shop\.sql\. Its folder has to be one that .*may write to/,
        ),
      });
    });
  },
);

describe.runIf(CAN_BE_OTHERS)("a new volume of a pod for the notes", { timeout: 120_000 }, () => {
  it("begins with those of the image, and keeps what it has when the pod starts again", async () => {
    const text = sharedFor("deploy/kubernetes.yaml", { ...chosenFor("minimal"), auth: "api-key" });
    const set = parseAllDocuments(text).find((one) => one.get("kind") === "StatefulSet");
    const starts = set?.toJS().spec.template.spec.initContainers;
    const { command } = starts.find((one: { name: string }) => one.name === "data");
    const volume = makeOwnedFolder(join(folder, "volume"), [0, SERVICE, 0o2775]);
    const words = ["/nodejs/bin/node", ...command.slice(1)].map((word: string) =>
      word.replace("/nodejs/bin/node", process.execPath).replace("'/data'", `'${volume}'`),
    );
    const start = () => expect(runIn(at("minimal"), SERVICE, words)).toMatchObject({ status: 0, stderr: "" });
    start();
    const file = join(volume, "notes.json");
    const home = makeOwnedFolder(join(folder, "pod-home"), [SERVICE, SERVICE, 0o700]);
    expect(await serveOnce("minimal", { XDG_STATE_HOME: home, HARDENED_MCP_NOTES_FILE: file })).toEqual(SERVES_PLAIN);
    const written = `require("node:fs").writeFileSync(process.argv[1], "[]")`;
    expect(run(SERVICE, process.execPath, "--eval", written, file)).toMatchObject({ status: 0, stderr: "" });
    start();
    expect(statSync(file).size).toBe(2);
  });
});
