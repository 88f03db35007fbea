import { once } from "node:events";
import { rmSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { askTheApi } from "./api.ts";
import { audit, checkpointsOf, cutTogether, flipOneByte, proveRefusal } from "./audit.ts";
import { startAskingServer } from "./callers.ts";
import { type AnyClient, httpClients, startHttpServer, stdioClients, type ToolAnswer } from "./clients.ts";
import { askTheDatabase } from "./database.ts";
import { type DemoFolder, makeFolder } from "./folder.ts";
import { bold, dim, green, heading, line, red } from "./paint.ts";

/** What the demo promised and did not show; it ends with exit code 1 then. */
const surprises: string[] = [];

function expect(what: string, holds: boolean): void {
  if (!holds) surprises.push(what);
}

async function everyoneReads(clients: readonly AnyClient[]): Promise<void> {
  for (const client of clients) {
    const tools = await client.listTools();
    const answer = await client.call("read_text_file", { path: "notes/plan.md" });
    const text = answer.content?.[0]?.text ?? "";
    expect(`${client.name} over ${client.transport} reads a file`, text.includes("Ship the thing"));
    line(
      `${client.name}, ${client.transport}`,
      green("read"),
      `${tools} tools, ${text.length} characters of notes/plan.md`,
    );
  }
}

async function allowed(client: AnyClient, folder: DemoFolder): Promise<void> {
  const show = async (what: string, tool: string, args: Record<string, unknown>): Promise<void> => {
    const answer = await client.call(tool, args);
    expect(what, answer.isError !== true);
    line(what, green("yes "), dim(firstLine(answer)));
  };
  await show("a path inside, relative", "read_text_file", { path: "notes/plan.md", head: 1 });
  await show("a path inside, absolute", "get_file_info", { path: join(folder.root, "notes", "plan.md") });
  await show("a link that stays inside", "read_text_file", { path: "notes/latest.md", head: 1 });
  await show("search by name", "search_files", { path: ".", pattern: "**/*.md" });
  await show("search by content", "search_content", { path: ".", pattern: "Ship" });
  const masked = await client.call("read_text_file", { path: "deploy.sh", head: 1 });
  const text = masked.content?.[0]?.text ?? "";
  expect("a key in a file is masked", !text.includes("QWERTYUIOPASDFGH"));
  line("a file with a key in it, the key masked", green("yes "), dim(text.trim()));
}

async function refused(client: AnyClient, folder: DemoFolder): Promise<void> {
  const show = async (what: string, tool: string, args: Record<string, unknown>, code: string): Promise<void> => {
    const error = await refusalOf(() => client.call(tool, args));
    expect(`${what} is refused with ${code}`, error?.code === code);
    line(what, red("no  "), `${error?.code ?? "?"}: ${dim(error?.message ?? "answered!")}`);
  };
  await show("/etc/passwd", "read_text_file", { path: "/etc/passwd" }, "denied");
  await show("../work-private/salaries.csv", "read_text_file", { path: "../work-private/salaries.csv" }, "denied");
  await show("the sibling folder work-private", "list_directory", { path: folder.outside }, "denied");
  await show("a link that leads out", "read_text_file", { path: "notes/innocent.csv" }, "denied");
  await show(".env", "read_text_file", { path: ".env" }, "denied");
  await show("a pipe that would hang the server", "read_text_file", { path: "pipe" }, "denied");
  await show("a misspelt argument", "read_text_file", { paht: "notes/plan.md" }, "invalid_input");
  await show("a tool that does not exist", "read_text_fil", { path: "notes/plan.md" }, "not_found");
  await show("a write (read-only by default)", "write_file", { path: "x", content: "y" }, "not_found");
}

async function whoMayCallWhat(folder: DemoFolder): Promise<void> {
  const server = await startAskingServer(folder);
  const { analyst, intern } = server;
  const nobody = await post(server.url, {});
  expect("a caller without a key is refused", nobody === 401);
  line("no key", red("no  "), `HTTP ${nobody}`);
  const [hers, his] = [await analyst.tools(), await intern.tools()];
  expect("the intern sees three tools", his.length === 3 && hers.length > 3);
  line("what an analyst and an intern see", green("seen"), `${hers.length} and ${his.length} tools`);
  const show = async (what: string, holds: boolean, call: () => Promise<ToolAnswer>, code?: string): Promise<void> => {
    const error = await refusalOf(call);
    expect(what, holds ? error === undefined : error?.code === code);
    line(
      what,
      holds ? green("yes ") : red("no  "),
      dim(error === undefined ? "answered" : `${error.code}: ${error.message}`),
    );
  };
  const search = { path: ".", pattern: "Ship" };
  await show("the intern reads the plan", true, () => intern.call("read_text_file", { path: "notes/plan.md" }));
  await show("but no other file", false, () => intern.call("read_text_file", { path: "deploy.sh" }), "denied");
  await show("and has no search in files", false, () => intern.call("search_content", search), "not_found");
  await show("the analyst has", true, () => analyst.call("search_content", search));
  server.disable("search_content");
  await show("until an operator turns it off", false, () => analyst.call("search_content", search), "not_found");
  await server.stop();
}

async function refusedAtTheDoor(url: URL): Promise<void> {
  for (const [what, headers] of [
    ["a web page of another site", { origin: "https://evil.example" }],
    ["a rebound name (DNS rebinding)", { host: "evil.example" }],
  ] as const) {
    const status = await post(url, headers);
    expect(`${what} is refused`, status === 403);
    line(what, red("no  "), `HTTP ${status}`);
  }
}

function post(url: URL, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: "POST", headers: { "content-type": "application/json", ...headers } },
      (response) => {
        response.resume().on("end", () => resolve(response.statusCode ?? 0));
      },
    );
    sent.on("error", reject).end('{"jsonrpc":"2.0","id":1,"method":"tools/list"}');
  });
}

/** A refusal comes as a tool result, or, for a tool that is not there, as a protocol error that carries the same object. */
async function refusalOf(call: () => Promise<ToolAnswer>): Promise<{ code: string; message: string } | undefined> {
  try {
    return (await call()).structuredContent?.error;
  } catch (error) {
    return (error as { data?: { error?: { code: string; message: string } } }).data?.error;
  }
}

function firstLine(answer: ToolAnswer): string {
  return firstOf(answer.content?.[0]?.text ?? "");
}

function firstOf(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

/** What an auditor does, and what somebody does who would rather not be found. */
function onRecord(folder: DemoFolder): void {
  const show = (what: string, seen: boolean, text: string): void => {
    expect(what, seen);
    line(what, seen ? green("ok  ") : red("BAD "), dim(text));
  };
  const [log, key] = [join(folder.audit, "0"), join(folder.audit, "signing.pub")];
  const intact = audit("verify", folder.audit, "--pub", key);
  show("hardened-mcp audit verify", intact.code === 0, firstOf(intact.text));
  const file = join(folder.base, "proof.json");
  const { seq, ran } = proveRefusal(folder.audit, file);
  const checked = audit("check-proof", file, "--pub", key);
  show(
    "one refused call, proved without the log",
    ran.code === 0 && checked.code === 0,
    `record ${seq}: ${firstOf(checked.text)}`,
  );
  const copy = join(folder.base, "cut");
  cutTogether(log, copy);
  const [unseen, seen] = [audit("verify", copy), audit("verify", copy, "--anchor", checkpointsOf(log))];
  show("cut off with its signatures: looks good", unseen.code === 0, firstOf(unseen.text));
  show("but not beside a checkpoint kept elsewhere", seen.code === 2, firstOf(seen.text));
  const where = flipOneByte(folder.audit);
  const tampered = audit("verify", folder.audit, "--pub", key);
  show("one byte changed", tampered.code === 1, firstOf(tampered.text));
  const bad = tampered.text.split("\n").filter((one) => /first bad|line \d+/.test(one));
  console.log(dim([where, ...bad.map((one) => one.trim())].map((one) => `${" ".repeat(54)} ${one}`).join("\n")));
}

async function main(): Promise<void> {
  const folder = makeFolder();
  try {
    console.log(`${bold("hardened-mcp")} serves ${folder.root}, read-only, every call on record`);
    const args = ["--audit-dir", folder.audit, folder.root];
    const server = await startHttpServer(args);
    const [stdio, http] = [await stdioClients(args), await httpClients(server.url)];
    heading("One server, every client");
    await everyoneReads([...stdio, ...http]);
    const [client] = stdio;
    if (client === undefined) throw new Error("no client");
    heading("Allowed");
    await allowed(client, folder);
    heading("Refused");
    await refused(client, folder);
    await refusedAtTheDoor(server.url);
    await Promise.all([...stdio, ...http].map((one) => one.close()));
    server.child.kill("SIGTERM");
    await once(server.child, "exit");
    heading("Who may call what: keys, a Cedar policy, an operator's switch");
    await whoMayCallWhat(folder);
    heading("A database: SQL that can only read what it may");
    await askTheDatabase(folder.base, expect);
    heading("An HTTP API: its document's operations, and nothing else on the network");
    await askTheApi(folder.base, expect);
    heading("On record, and provable");
    onRecord(folder);
  } finally {
    rmSync(folder.base, { recursive: true, force: true });
  }
  if (surprises.length > 0) {
    console.error(red(`\nNot as promised:\n- ${surprises.join("\n- ")}`));
    process.exitCode = 1;
  }
}

await main();
