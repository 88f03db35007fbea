import { type AnyClient, stdioClient, type ToolAnswer } from "./clients.ts";
import { dim, green, line, red } from "./paint.ts";
import { type DemoShop, makeShop } from "./shop.ts";

/** Says whether a promise was kept; the demo ends with exit code 1 where one was not. */
export type Expect = (what: string, holds: boolean) => void;

/** A database under rules, asked by a client that means well, and by one that does not. */
export async function askTheDatabase(base: string, expect: Expect): Promise<void> {
  const shop = makeShop(base);
  const client = await stdioClient("database", ["--config", shop.config, "--audit-dir", shop.audit, "--allow-write"]);
  await answered(client, expect);
  await refused(client, shop, expect);
  await client.close();
}

async function answered(client: AnyClient, expect: Expect): Promise<void> {
  const show = async (what: string, tool: string, args: Record<string, unknown>, sees: RegExp): Promise<void> => {
    const answer = await client.call(tool, args);
    expect(what, answer.isError !== true && sees.test(textOf(answer)));
    line(what, green("yes "), dim(textOf(answer).slice(0, 100)));
  };
  await show("what there is", "list_tables", {}, /customers/);
  await show("a column that is masked", "query", { sql: "select name, email, phone from customers limit 1" }, /\*\*\*/);
  const sums =
    "select c.name, round(sum(o.total)) as total from orders o join customers c on c.id = customer_id group by 1 order by 2 desc";
  await show("a join, grouped and ordered", "query", { sql: sums }, /customer/);
  await show("a page of 20,000 rows", "query", { sql: "select * from orders", limit: 2 }, /cursor/i);
  await show("a saved query, with a typed argument", "orders_of", { customer: 3 }, /placed/);
  const order = "insert into orders(customer_id, total, placed) values (?, ?, ?)";
  await show("a new row, with --allow-write", "execute", { sql: order, params: [1, 9.5, "2026-11-29"] }, /1/);
}

async function refused(client: AnyClient, { other }: DemoShop, expect: Expect): Promise<void> {
  const show = async (what: string, tool: string, args: Record<string, unknown>, code: string): Promise<void> => {
    const { structuredContent } = await client.call(tool, args);
    const error = structuredContent?.error;
    expect(`${what} is refused with ${code}`, error?.code === code);
    line(what, red("no  "), `${error?.code ?? "?"}: ${dim(error?.message ?? "answered!")}`);
  };
  const query = (sql: string) => ({ sql });
  await show("a second statement", "query", query("select 1; delete from orders"), "invalid_input");
  await show('PRAGMA "journal_mode"(WAL)', "query", query('pragma "journal_mode"(wal)'), "denied");
  await show("another file", "query", query(`attach '${other}' as pay`), "denied");
  await show("a copy of the file", "query", query(`vacuum into '${other}.copy'`), "denied");
  await show("a table outside the rules", "query", query("select * from salaries"), "not_found");
  await show("a column that is denied", "query", query("select notes from customers"), "not_found");
  const forged = "with customers as (select email from main.customers) select * from customers";
  await show("the column behind the mask", "query", query(forged), "not_found");
  const endless = "with recursive c(n) as (select 1 union all select n + 1 from c) select count(*) from c";
  await show("a statement that never ends", "query", query(endless), "timeout");
  await show("a deletion, which nobody agreed to", "execute", query("delete from orders where id = 1"), "denied");
}

function textOf(answer: ToolAnswer): string {
  return answer.content?.[0]?.text ?? "";
}
