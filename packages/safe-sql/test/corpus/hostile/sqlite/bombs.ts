import { theme } from "../../statement.ts";

const deep = (open: string, inner: string, close: string, times: number): string =>
  open.repeat(times) + inner + close.repeat(times);
const arms = (arm: string, by: string, times: number): string => Array.from({ length: times }, () => arm).join(by);

/** Time, memory, disk and depth. */
export const BOMBS = theme("bombs", {
  "endless recursion": "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n",
  "endless rows": "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n",
  "endless distinct": "with recursive n(i) as (select 1 union select i + 1 from n) select max(i) from n",
  "endless sorted": "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n order by -i",
  "growing text": "with recursive n(s) as (select 'x' union all select s || s from n) select length(s) from n",
  "growing rows of text":
    "with recursive n(i, s) as (select 1, hex(zeroblob(100000)) union all select i + 1, s || i from n) select s from n",
  "two recursions":
    "with recursive a(i) as (select 1 union all select i + 1 from a where i < 1000000), b(j) as (select 1 union all select j + 1 from b where j < 1000000) select count(*) from a, b",
  "six way product":
    "select count(*) from order_items a, order_items b, order_items c, order_items d, order_items e, order_items f",
  "product that is sorted":
    "select a.line_no from order_items a, order_items b, order_items c order by a.unit_cents * b.unit_cents + c.unit_cents",
  "product that is grouped":
    "select count(*) from (select distinct a.unit_cents, b.unit_cents, c.unit_cents from order_items a, order_items b, order_items c)",
  "product with a window":
    "select sum(a.unit_cents) over (order by b.unit_cents) from order_items a, order_items b, orders c",
  "big hex": "select hex(zeroblob(200000000))",
  "big zeroblob": "select zeroblob(2000000000)",
  "big randomblob": "select randomblob(900000000)",
  "big printf": "select printf('%.*c', 900000000, 'x')",
  "big printf width": "select printf('%1000000000d', 1)",
  "big format": "select format('%*s', 900000000, 'x')",
  "big replace": "select length(replace(hex(zeroblob(100000)), '0', hex(zeroblob(100000))))",
  "replace of replace":
    "select length(replace(replace(replace(hex(zeroblob(1000)), '0', hex(zeroblob(1000))), '0', hex(zeroblob(1000))), '0', 'xx'))",
  "big group_concat": "select length(group_concat(hex(zeroblob(100000)))) from order_items",
  "big json array": "select length(json_group_array(hex(zeroblob(100000)))) from order_items",
  "big json object": "select length(json_group_object(line_no, hex(zeroblob(100000)))) from order_items",
  "row of big cells": `select ${arms("hex(zeroblob(8000000))", ", ", 300)}`,
  "rows of big cells": "select hex(zeroblob(1000000)) from order_items",
  "big concat": `select ${arms("hex(zeroblob(1000000))", " || ", 100)}`,
  "like bomb": `select count(*) from reviews where body like '${"%a%b%c%e%".repeat(40)}x'`,
  "like bomb on a long text": "select replace(hex(zeroblob(20000)), '0', 'a') like '%a%a%a%a%a%a%a%a%a%b'",
  "glob bomb": "select replace(hex(zeroblob(20000)), '0', 'a') glob '*a*a*a*a*a*a*a*a*a*b'",
  "glob of brackets": `select 'a' glob '${"[a-".repeat(20_000)}'`,
  "deep parentheses": `select ${deep("(", "1", ")", 2000)}`,
  "deep not": `select ${"not ".repeat(5000)} 1`,
  "deep minus": `select ${"- ".repeat(5000)} 1`,
  "deep plus": `select ${arms("1", "+", 20_000)}`,
  "deep or": `select 1 where ${arms("1=2", " or ", 20_000)}`,
  "deep case": `select ${deep("case when 1 then ", "1", " end", 1500)}`,
  "deep abs": `select ${deep("abs(", "1", ")", 3000)}`,
  "deep subqueries": `select ${deep("(select ", "1", ")", 400)}`,
  "deep from": `select * from ${deep("(select * from ", "categories", ")", 400)}`,
  "deep json": `select json('${"[".repeat(5000)}${"]".repeat(5000)}')`,
  "deep json arrow": `select '{}' ${arms("-> 'a'", " ", 3000)}`,
  "many union arms": arms("select 1", " union all ", 5000),
  "many union arms that sort": arms("select 1", " union ", 5000),
  "many values": `values ${arms("(1)", ",", 30_000)}`,
  "many columns": `select ${arms("1", ",", 30_000)}`,
  "many columns by stars": `select ${arms("*", ",", 500)} from customers`,
  "many joins": `select 1 from ${arms("categories", ",", 65)}`,
  "many joins that must be planned": `select count(*) from ${Array.from({ length: 40 }, (_, i) => `categories t${i}`).join(" natural join ")}`,
  "many ctes": `with ${Array.from({ length: 3000 }, (_, i) => `c${i} as (select 1)`).join(", ")} select 1`,
  "doubling ctes": `with c0 as (select 1 as a union all select 1)${Array.from({ length: 40 }, (_, i) => `, c${i + 1} as (select x.a from c${i} x, c${i} y)`).join("")} select count(*) from c40`,
  "doubling views in ctes": `with c0 as (select 1 as a)${Array.from({ length: 30 }, (_, i) => `, c${i + 1} as (select a from c${i} union all select a from c${i})`).join("")} select count(*) from c30`,
  "long statement": `select '${"x".repeat(200_000)}'`,
  "long identifier": `select 1 as "${"x".repeat(90_000)}"`,
  "long in list": `select 1 where 1 in (${arms("2", ",", 45_000)})`,
  "many functions": `select ${arms("abs(1)", ",", 1900)}`,
  "many parameters": `select ${arms("?", "+", 40_000)}`,
  "huge parameter number": "select ?999999999",
  "fts bomb": `select count(*) from reviews_fts where reviews_fts match '${deep("(", "a", ")", 2000)}'`,
  "fts or bomb": `select count(*) from reviews_fts where reviews_fts match '${arms("a*", " OR ", 9000)}'`,
  "fts near bomb": `select count(*) from reviews_fts where reviews_fts match 'NEAR(${arms("my", " ", 3000)}, 100)'`,
  "json_each of a big array":
    "select count(*) from json_each('[' || replace(hex(zeroblob(3000000)), '0', '0,') || '0]') a, json_each('[1,2,3,4,5,6,7,8,9]') b, order_items c",
  "json_tree of a product":
    "select count(*) from products a, json_tree(a.attributes) b, products c, json_tree(c.attributes) d, products e",
  "window frames by quadratic":
    "select max(x) from (select group_concat(name) over (order by id rows between unbounded preceding and unbounded following) as x from customers)",
  "quadratic group_concat":
    "select sum(length(x)) from (select group_concat(i.unit_cents) over (order by i.order_id rows between 4000 preceding and 4000 following exclude current row) as x from order_items i)",
  "date loop":
    "with recursive d(x) as (select '2000-01-01' union all select date(x, '+1 second') from d) select count(*) from d",
  "trim bomb": "select length(trim(hex(zeroblob(5000000)), hex(zeroblob(5000))))",
  "instr bomb": "select sum(instr(hex(zeroblob(1000000)), hex(zeroblob(400000)) || 'x')) from order_items",
  "order by random": "select a.id from orders a, orders b, categories c order by random()",
  "correlated scans":
    "select count(*) from order_items a where (select count(*) from order_items b where b.unit_cents + a.unit_cents = 1) = (select count(*) from order_items c where c.quantity + a.quantity = -1 and c.discount_pct + a.line_no = -5)",
});
