import { theme } from "../../statement.ts";

const deep = (open: string, inner: string, close: string, times: number): string =>
  open.repeat(times) + inner + close.repeat(times);
const arms = (arm: string, by: string, times: number): string => Array.from({ length: times }, () => arm).join(by);

/** Time, memory, disk and depth. */
export const BOMBS = theme("bombs", {
  "endless recursion":
    "with recursive n(i) as (select 1 union all select i + 1 from n where i > 0) select count(*) from n",
  "endless rows": "with recursive n(i) as (select 1::bigint union all select i + 1 from n) select i from n",
  "endless sorted":
    "with recursive n(i) as (select 1::bigint union all select i + 1 from n) select i from n order by -i",
  "growing text": "with recursive n(s) as (select 'x'::text union all select s || s from n) select length(s) from n",
  "billion of a series": "select count(*) from generate_series(1, 10000000000)",
  "rows of a series": "select * from generate_series(1, 10000000000)",
  "series sorted": "select n from generate_series(1, 1000000000) n order by -n",
  "six way product":
    "select count(*) from order_items a, order_items b, order_items c, order_items d, order_items e, order_items f",
  "product that is sorted":
    "select a.line_no from order_items a, order_items b, order_items c order by a.unit_cents * b.unit_cents + c.unit_cents",
  "product that is grouped":
    "select count(*) from (select distinct a.unit_cents, b.unit_cents, c.unit_cents from order_items a, order_items b, order_items c) t",
  repeat: "select repeat('x', 1000000000)",
  "repeat of repeats": "select length(repeat(repeat('x', 100000), 10000))",
  "many repeats": `select ${arms("repeat('x', 10000000)", ", ", 100)}`,
  "rows of repeats": "select repeat('x', 1000000) from order_items",
  "rows of a megabyte each, many": "select repeat('x', 1000000) from generate_series(1, 100000)",
  lpad: "select lpad('x', 1000000000, 'y')",
  string_agg: "select length(string_agg(repeat('x', 100000), '')) from order_items",
  array_agg: "select array_length(array_agg(repeat('x', 100000)), 1) from order_items",
  json_agg: "select length(json_agg(repeat('x', 100000))::text) from order_items",
  array_fill: "select array_fill(0, array[100000000])",
  "array of a series": "select array(select generate_series(1, 100000000))",
  "format width": "select format('%1000000000s', 'x')",
  "to_char of a long format": "select to_char(1, repeat('9', 100000000))",
  "regular expression bomb": "select repeat('a', 50) ~ '(a*)*(a*)*(a*)*(a*)*(a*)*b'",
  "regular expression back references": "select repeat('a', 3000) ~ '^(a+)+\\1+\\1+\\1+\\1+$'",
  "regular expression of many states": `select 'x' ~ '${"(a|b|c|d){1,255}".repeat(3)}'`,
  "like bomb": "select repeat('a', 100000) like '%a%a%a%a%a%a%a%a%a%a%a%b'",
  "similar to bomb": "select repeat('a', 60) similar to '(a|aa|aaa)*b'",
  "big factorial": "select factorial(100000)",
  "big power": "select 9.9::numeric ^ 99999",
  "numeric division": "select (repeat('9', 100000)::numeric) / (repeat('7', 50000)::numeric)",
  "numeric square roots": "select sum(sqrt(repeat('9', 20000)::numeric)) from generate_series(1, 1000)",
  "deep parentheses": `select ${deep("(", "1", ")", 5000)}`,
  "deep not": `select ${"not ".repeat(20_000)} true`,
  "deep minus": `select ${"- ".repeat(20_000)} 1`,
  "deep plus": `select ${arms("1", "+", 20_000)}`,
  "deep or": `select 1 where ${arms("1=2", " or ", 20_000)}`,
  "deep case": `select ${deep("case when true then ", "1", " end", 3000)}`,
  "deep abs": `select ${deep("abs(", "1", ")", 5000)}`,
  "deep subqueries": `select ${deep("(select ", "1", ")", 2000)}`,
  "deep from": `select * from ${deep("(select * from ", "categories", ") q", 1000)}`,
  "deep casts": `select 1${"::int".repeat(20_000)}`,
  "deep arrays": `select ${deep("array[", "1", "]", 3000)}`,
  "deep rows": `select ${deep("row(", "1", ")", 3000)}`,
  "deep json": `select '${"[".repeat(50_000)}${"]".repeat(50_000)}'::jsonb is not null`,
  "deep json path": `select jsonb_path_query('{}', '$${".a".repeat(30_000)}')`,
  "deep tsquery": `select '${deep("(", "a", ")", 20_000)}'::tsquery`,
  "deep joins": `select 1 from ${"(".repeat(500)}categories${Array.from({ length: 500 }, (_, i) => ` cross join categories c${i})`).join("")}`,
  "many union arms": arms("select 1", " union all ", 9000),
  "many values": `values ${arms("(1)", ",", 24_000)}`,
  "many columns": `select ${arms("1", ",", 30_000)}`,
  "many columns by stars": `select ${arms("*", ",", 400)} from customers`,
  "many joins": `select 1 from ${Array.from({ length: 100 }, (_, i) => `categories c${i}`).join(", ")}`,
  "many joins that must be planned": `select count(*) from ${Array.from({ length: 40 }, (_, i) => `categories c${i}`).join(" natural join ")}`,
  "many ctes": `with ${Array.from({ length: 3000 }, (_, i) => `c${i} as (select 1)`).join(", ")} select 1`,
  "doubling ctes": `with c0 as (select 1 as a union all select 1)${Array.from({ length: 40 }, (_, i) => `, c${i + 1} as (select x.a from c${i} x, c${i} y)`).join("")} select count(*) from c40`,
  "doubling inlined ctes": `with c0 as (select 1 as a)${Array.from({ length: 22 }, (_, i) => `, c${i + 1} as not materialized (select a from c${i} union all select a from c${i})`).join("")} select count(*) from c22`,
  "many grouping sets": `select count(*) from customers group by cube (id, name, email, phone, country, city, tier, credit_limit, notes, referred_by, birth_date, created_at)`,
  "grouping set bomb": `select count(*) from customers group by ${arms("cube (id, name, country)", ", ", 6)}`,
  "long statement": `select '${"x".repeat(200_000)}'`,
  "long in list": `select 1 where 1 in (${arms("2", ",", 45_000)})`,
  "many parameters": `select ${Array.from({ length: 9000 }, (_, i) => `$${i + 1}`).join(", ")}`,
  "huge parameter number": "select $99999999",
  "cross of series": "select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b",
  "json_table product":
    "select count(*) from products p, json_table(p.attributes, '$.tags[*]' columns (v text path '$')) a, products q, json_table(q.attributes, '$.tags[*]' columns (v text path '$')) b, order_items c",
  "unnest product":
    "select count(*) from unnest(array(select generate_series(1, 5000))) a, unnest(array(select generate_series(1, 5000))) b, unnest(array(select generate_series(1, 50))) c",
  "window over a product":
    "select sum(a.unit_cents) over (order by b.unit_cents) from order_items a, order_items b, orders c",
  "order by random": "select a.id from orders a, orders b, categories c order by random()",
  "text search of a long text": "select to_tsvector('english', repeat('running shoes ', 10000000))",
  "date series":
    "select count(*) from generate_series(timestamp '0001-01-01', timestamp '9999-01-01', interval '1 second')",
  "bit string": "select repeat('1', 100000000)::bit varying",
  "huge offset": "select a.line_no from order_items a, order_items b offset 1000000000",
  "tsvector too big": "select to_tsvector(string_agg(md5(n::text), ' ')) from generate_series(1, 1000000) n",
});
