import { createRedactor } from "@hardened-mcp/redact";
import { describe, expect, it } from "vitest";
import { projectConfig, projectOptions } from "../../src/config/project-config.ts";
import { ConfigError } from "../../src/index.ts";

const redactor = (config: object, secrets: readonly string[]) =>
  createRedactor(projectOptions(projectConfig({}).parse(config), secrets).redact);

describe("the options of a project", () => {
  it.each([{}, { redact: { secrets: false } }])("mask a secret of the server's own with %j", (config) => {
    expect(redactor(config, ["open sesame"]).value({ said: "It is open sesame." })).toEqual({
      said: "It is [redacted:secret].",
    });
  });

  it("refuse a secret that cannot be told from ordinary text, without quoting it", () => {
    const refused = () => redactor({}, ["a-key"]);
    expect(refused).toThrow(ConfigError);
    expect(refused).not.toThrow(/a-key/);
  });
});
