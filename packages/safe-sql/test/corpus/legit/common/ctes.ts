import { theme } from "../../statement.ts";

/** Common table expressions, plain and recursive. */
export const CTES = theme("ctes", {
  one: "with paid as (select * from orders where status = 'paid') select currency, count(*) from paid group by currency order by 1",
  chain:
    "with a as (select customer_id, sum(total_cents) as cents from orders group by customer_id), b as (select customer_id, cents from a where cents > 100000), c as (select count(*) as n, max(cents) as top from b) select * from c",
  "used twice":
    "with per as (select customer_id, count(*) as n from orders group by customer_id) select count(*) from per a join per b on a.n = b.n and a.customer_id < b.customer_id where a.customer_id < 40 and b.customer_id < 40",
  "named columns": "with t(a, b) as (select id, name from categories) select b, a from t order by a limit 5",
  materialized:
    "with m as materialized (select id, total_cents from orders where total_cents > 200000) select count(*), min(total_cents) from m",
  "not materialized":
    "with m as not materialized (select id, total_cents from orders) select count(*) from m where total_cents > 200000",
  "inside a subquery":
    "select * from (with x as (select id from categories where id < 6) select id from x) y order by id",
  "inside exists":
    "select count(*) from products p where exists (with r as (select product_id from reviews where stars = 5) select 1 from r where r.product_id = p.id)",
  "shadowing a table":
    "with categories as (select id from products where id < 5) select id from categories order by id",
  "named as a restricted table":
    "with secrets as (select id, name from categories where id < 4) select * from secrets order by id",
  counting:
    "with recursive n(i) as (select 1 union all select i + 1 from n where i < 100) select count(*), sum(i) from n",
  fibonacci:
    "with recursive f(n, a, b) as (select 1, 0, 1 union all select n + 1, b, a + b from f where n < 40) select n, a from f order by n",
  factorials:
    "with recursive f(n, v) as (select 1, 1.0 union all select n + 1, v * (n + 1) from f where n < 12) select n, v from f order by n",
  "tree down":
    "with recursive t(id, depth) as (select id, 0 from categories where parent_id is null union all select c.id, t.depth + 1 from categories c join t on c.parent_id = t.id) select depth, count(*) from t group by depth order by depth",
  "tree up":
    "with recursive up(id, parent_id) as (select id, parent_id from categories where id = 40 union all select c.id, c.parent_id from categories c join up on c.id = up.parent_id) select id from up order by id",
  "tree with paths":
    "with recursive t(id, path) as (select id, cast(id as text) from categories where parent_id is null union all select c.id, t.path || '/' || c.id from categories c join t on c.parent_id = t.id) select id, path from t order by id",
  organisation:
    "with recursive o(id, level) as (select id, 1 from employees where manager_id is null union all select e.id, o.level + 1 from employees e join o on e.manager_id = o.id) select level, count(*) from o group by level order by level",
  "heads of each":
    "with recursive o(id, head) as (select id, id from employees where title = 'head' union all select e.id, o.head from employees e join o on e.manager_id = o.id) select head, count(*) from o group by head order by head",
  "referral chains":
    "with recursive r(id, steps) as (select id, 0 from customers where referred_by is null and id <= 200 union all select c.id, r.steps + 1 from customers c join r on c.referred_by = r.id) select steps, count(*) from r group by steps order by steps",
  "products under a root":
    "with recursive t(id) as (select 1 union all select c.id from categories c join t on c.parent_id = t.id) select count(*) from products where category_id in (select id from t)",
  "revenue rolled up the tree":
    "with recursive t(root, id) as (select id, id from categories where parent_id is null union all select t.root, c.id from categories c join t on c.parent_id = t.id) select t.root, count(p.id) from t left join products p on p.category_id = t.id group by t.root order by t.root",
  "union removes cycles":
    "with recursive g(n) as (select 1 union select (n * 3) % 17 from g) select n from g order by n",
  "graph distance":
    "with recursive edge(a, b) as (values (1, 2), (2, 3), (3, 4), (1, 4), (4, 5)), walk(at, d) as (select 1, 0 union select b, d + 1 from edge join walk on a = at where d < 6) select at, min(d) from walk group by at order by at",
  "splitting a text":
    "with recursive s(word, rest) as (select '', 'red,green,blue,' union all select substr(rest, 1, 1), substr(rest, 2) from s where rest <> '') select count(*) from s",
  collatz:
    "with recursive c(n, steps) as (select 27, 0 union all select case when n % 2 = 0 then n / 2 else 3 * n + 1 end, steps + 1 from c where n <> 1) select max(steps), max(n) from c",
  "mandelbrot line":
    "with recursive x(c) as (select -2.0 union all select c + 0.25 from x where c < 1.0), m(c, z, i) as (select c, 0.0, 0 from x union all select c, z * z + c, i + 1 from m where z * z < 4.0 and i < 12) select c, max(i) from m group by c order by c",
  "calendar of numbers":
    "with recursive d(day) as (select 0 union all select day + 1 from d where day < 30) select d.day, count(r.id) from d left join reviews r on r.id % 31 = d.day group by d.day order by d.day",
  "compound interest":
    "with recursive y(n, cents) as (select 0, 100000 union all select n + 1, cents + cents / 20 from y where n < 10) select n, cents from y order by n",
  "recursive with limit": "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n limit 10",
});
