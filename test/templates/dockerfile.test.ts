import { validate } from "dockerfile-utils";
import { describe, expect, it } from "vitest";
import { BUILT, nameOf, sharedFile, sharedFor } from "./support/shared.ts";

/** The instructions of a Dockerfile, each on one line. */
const instructionsOf = (text: string): readonly string[] =>
  text
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));

/** Without auth it listens on loopback alone: over HTTP nobody could reach it, and there is no image. */
const IMAGES = BUILT.filter(({ transport, auth }) => transport !== "http" || auth !== "none");

describe.each(IMAGES.map((one) => [nameOf(one), one] as const))("the Dockerfile for %s", (_, chosen) => {
  const text = sharedFor("Dockerfile", chosen);
  const instructions = instructionsOf(text);
  const last = instructions.findLastIndex((line) => line.startsWith("FROM "));
  const shipped = instructions.slice(last);

  it("is one that the linter finds nothing in", () => {
    expect(validate(text).map(({ message }) => message)).toEqual([]);
  });

  it("ships an image without a shell, from a tag that is named, as a user that is no root", () => {
    for (const from of instructions.filter((line) => line.startsWith("FROM "))) {
      expect(from).toMatch(/^FROM \S+:(?!latest)\S+( AS build)?$/);
    }
    expect(shipped[0]).toBe("FROM gcr.io/distroless/nodejs24-debian13:nonroot");
    expect(shipped.filter((line) => line.startsWith("USER "))).toEqual(["USER 65532:65532"]);
    expect(shipped.filter((line) => line.startsWith("RUN "))).toEqual([]);
    for (const line of shipped.filter((one) => /^(ENTRYPOINT|CMD|HEALTHCHECK .*CMD) /.test(one))) {
      expect(line, "without a shell only lists can be run").toMatch(/(ENTRYPOINT|CMD) \["/);
    }
  });

  it("installs what the lock file says, and runs nothing of it", () => {
    const installs = instructions
      .flatMap((line) => line.split("&&"))
      .filter((command) => /\b(npm ci|npm install|install --|prune)/.test(command));
    expect(installs.length).toBeGreaterThanOrEqual(2);
    for (const command of installs) expect(command).toContain("--ignore-scripts");
    expect(installs[0]).toMatch(/npm ci|--frozen-lockfile/);
  });

  it("asks the server whether it is well where something listens, and starts what was chosen", () => {
    const overHttp = chosen.auth !== "none";
    expect(shipped.some((line) => line.includes('"deploy/probe.mjs", "healthz"'))).toBe(overHttp);
    expect(shipped.includes("HEALTHCHECK NONE")).toBe(!overHttp);
    expect(shipped.some((line) => line.includes("HARDENED_MCP_HTTP_MONITOR_PORT"))).toBe(overHttp);
    const expected = overHttp ? ['CMD ["--config", "deploy/server.config.json"]'] : [];
    expect(shipped.filter((line) => line.startsWith("CMD "))).toEqual(expected);
  });

  it("lets every user read what was copied, whatever the umask it was made under", () => {
    const build = instructions.slice(0, last).join("\n");
    expect(build).toContain(" && chmod -R a+rX . && ");
    expect(build.indexOf("chmod -R a+rX")).toBeGreaterThan(build.indexOf("run build"));
  });
});

it("an image has a folder that its user may write to for what is written, and no other", () => {
  const writable = (template: string) =>
    instructionsOf(sharedFor("Dockerfile", { ...BUILT[0]!, template })).filter((line) =>
      line.includes("--chown=65532"),
    );
  const state = "COPY --from=build --chown=65532:65532 /state /var/lib/my-server";
  const owned = (path: string) => `COPY --from=build --chown=65532:65532 ${path} ${path}`;
  expect(writable("minimal")).toEqual([state, owned("/app/data")]);
  expect(writable("filesystem")).toEqual([state, owned("/app/files")]);
  expect(writable("database")).toEqual([state, owned("/app/data")]);
  expect(writable("http-api")).toEqual([state]);
});

describe("what goes into the image", () => {
  const lines = sharedFile("_dockerignore")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));

  it("is what is named, and nothing else", () => {
    expect(lines[0]).toBe("*");
    for (const line of lines.slice(1)) expect(line).toMatch(/^![\w./-]+$/);
  });

  it("is no secret, no history and no test", () => {
    const let_in = lines.slice(1).map((line) => line.slice(1));
    for (const path of ["secrets", ".env", ".git", "test", "node_modules", "dist", "deploy", "."]) {
      expect(let_in).not.toContain(path);
    }
    expect(let_in).toEqual(expect.arrayContaining(["src", "policy", "deploy/probe.mjs", "deploy/server.config.json"]));
  });
});
