import { theme } from "../../statement.ts";

/** Grouping sets, ordered-set aggregates, lateral joins, arrays, casts, ranges and more that PostgreSQL alone has. */
export const ANALYTICS = theme("analytics", {
  "grouping sets":
    "select country, tier, count(*) from customers group by grouping sets ((country), (tier), ()) order by 1 nulls last, 2 nulls last",
  rollup:
    "select country, city, count(*), grouping(country, city) as g from addresses group by rollup (country, city) order by g, 1, 2",
  cube: "select status, currency, sum(total_cents) from orders group by cube (status, currency) order by 1 nulls last, 2 nulls last",
  percentile_cont: "select percentile_cont(0.5) within group (order by total_cents) from orders",
  "percentile_cont of many":
    "select percentile_cont(array[0.5, 0.9, 0.99]) within group (order by total_cents) from orders",
  "percentile_disc per group":
    "select status, percentile_disc(0.9) within group (order by total_cents) from orders group by status order by status",
  mode: "select mode() within group (order by status) from orders",
  "hypothetical rank": "select rank(100000) within group (order by total_cents) from orders",
  statistics:
    "select round(stddev(total_cents), 2), round(variance(total_cents), 2), round(stddev_pop(total_cents), 2), round(var_pop(total_cents), 2) from orders",
  correlation:
    "select round(corr(price_cents, cost_cents)::numeric, 4), round(regr_slope(cost_cents, price_cents)::numeric, 4), regr_count(cost_cents, price_cents) from products",
  "bool aggregates": "select bool_and(active = 1), bool_or(active = 1), every(price_cents > 0) from products",
  "bit aggregates": "select bit_and(id), bit_or(id), bit_xor(id) from categories",
  array_agg: "select category_id, array_agg(id order by id) from products where id <= 40 group by 1 order by 1",
  "array_agg distinct": "select array_agg(distinct tier order by tier) from customers",
  "array operators":
    "select count(*) from (select array_agg(product_id) as a from order_items group by order_id) t where a && array[1, 2, 3]",
  "any and all": "select count(*) from products where id = any (array[1, 2, 3]) and price_cents > all (array[0, 1])",
  "array functions":
    "select array_length(array[1, 2, 3], 1), cardinality(array[1, 2]), array_position(array['a', 'b'], 'b'), array_append(array[1], 2), array_cat(array[1], array[2]), array_remove(array[1, 2], 1), array_to_string(array[1, 2], ',')",
  "array slices": "select (array[1, 2, 3, 4])[2:3], array[[1, 2], [3, 4]]",
  "unnest with ordinality": "select x, n from unnest(array['a', 'b', 'c']) with ordinality as u(x, n) order by n",
  "unnest of two": "select * from unnest(array[1, 2], array['a', 'b']) as t(n, w) order by n",
  "rows from": "select * from rows from (generate_series(1, 3), unnest(array['a', 'b'])) as t(n, w) order by n",
  "lateral top n":
    "select c.id, o.id as order_id, o.total_cents from customers c cross join lateral (select id, total_cents from orders where customer_id = c.id order by total_cents desc, id limit 2) o where c.id <= 20 order by c.id, o.total_cents desc, o.id",
  "left join lateral":
    "select p.id, r.n from products p left join lateral (select count(*) as n from reviews where product_id = p.id) r on true where p.id <= 20 order by p.id",
  "distinct on":
    "select distinct on (customer_id) customer_id, id, total_cents from orders order by customer_id, total_cents desc, id limit 40",
  "fetch first with ties": "select id, stars from reviews order by stars desc fetch first 3 rows with ties",
  "fetch and offset": "select id from products order by id offset 5 rows fetch next 5 rows only",
  "casts by colons": "select '12'::int, 3.7::int, 'true'::boolean, '{1,2}'::int[], '1 day'::interval",
  "cast of a type name":
    "select cast('2024-01-01' as date), cast('1.5' as numeric(10, 2)), cast(id as bigint) from categories where id = 1",
  numeric: "select 1.10::numeric + 2.20::numeric, 10::numeric / 3, round(2.5), trunc(-2.7), mod(10, 3), div(10, 3)",
  "float specials": "select 'NaN'::float8, 'Infinity'::float8, '-Infinity'::float8",
  width_bucket: "select width_bucket(total_cents, 0, 300000, 6) as b, count(*) from orders group by b order by b",
  "greatest and least": "select greatest(1, 5, 3), least('b', 'a'), greatest(null, 2)",
  "boolean results":
    "select active = 1 as on, not (active = 1) as off, active = 1 is true as t from products order by id limit 5",
  "is unknown": "select (null::boolean) is unknown, true is not false",
  "int8 beyond 2^53": "select 9007199254740993::bigint, 9223372036854775807::bigint",
  uuid: "select 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid",
  bytea: "select '\\x00ff10'::bytea, length('\\x00ff10'::bytea), get_byte('\\x0aff'::bytea, 1)",
  "multirange and ranges":
    "select int4range(1, 10) * int4range(5, 15), int4range(1, 5) && int4range(4, 8), lower(int4range(3, 9)), isempty(int4range(1, 1))",
  "row comparison": "select count(*) from orders where (customer_id, id) > (10, 100)",
  "row constructor": "select row(1, 'a', null), (1, 2) = (1, 2)",
  "window with range interval by groups":
    "select stars, count(*), sum(count(*)) over (order by stars groups 1 preceding) from reviews group by stars order by stars",
  "window ignore":
    "select id, lag(id, 1, -1) over (partition by parent_id order by id) from categories order by id limit 20",
  "search depth first":
    "with recursive t as (select id, parent_id from categories where parent_id is null union all select c.id, c.parent_id from categories c join t on c.parent_id = t.id) search depth first by id set o select id from t order by o limit 30",
  "search breadth first":
    "with recursive t as (select id, parent_id from categories where parent_id is null union all select c.id, c.parent_id from categories c join t on c.parent_id = t.id) search breadth first by id set o select id from t order by o limit 30",
  "cycle clause":
    "with recursive g(n) as (select 1 union all select n % 5 + 1 from g) cycle n set is_cycle using path select n, is_cycle from g order by n, is_cycle",
  "tablesample of everything": "select count(*) from products tablesample bernoulli (100)",
  "values as a table": "select v.id, p.name from (values (1), (3)) as v(id) join products p using (id) order by v.id",
  "table command": "table categories",
  "union with types": "select 1 as n, null as t union select 2, 'x' order by n",
  "intersect all and except all":
    "(select stars from reviews intersect all select 5 from generate_series(1, 3)) union all (select 1 except all select 2) order by 1",
  "scalar of a row": "select (select id from categories order by id limit 1) + 1",
  "exists in select":
    "select id, exists (select 1 from reviews r where r.product_id = p.id) as reviewed from products p order by id limit 20",
  "case with ranges":
    "select case when total_cents <@ int4range(0, 100000) then 'low' else 'high' end as band, count(*) from orders group by 1 order by 1",
  "operators on bits": "select 5 & 3, 5 | 3, 5 # 3, ~5, 1 << 4, 16 >> 2, 2 ^ 10, |/ 16, @ -3",
  "typed parameters": ["select $1::int + $2::int as sum, $3::text as word", 2, 3, "x"],
  "parameter in any": ["select count(*) from products where id = any ($1::int[])", "{1,2,3}"],
  "parameter in limit": ["select id from categories order by id limit $1", 3],
  "null parameter": ["select $1::text is null as none", null],
  "between symmetric": "select count(*) from products where price_cents between symmetric 20000 and 1000",
  "group by distinct":
    "select country, count(*) from customers group by distinct rollup (country) order by 1 nulls last",
  "group by all columns of a key":
    "select p.id, p.name, count(r.id) from products p left join reviews r on r.product_id = p.id group by p.id order by p.id limit 20",
  any_value: "select country, any_value(country) from customers group by country order by country",
  "string_agg distinct": "select string_agg(distinct tier, ',' order by tier) from customers",
  "first order by window frame":
    "select distinct first_value(id) over (partition by customer_id order by total_cents desc, id) from orders order by 1 limit 20",
  "join using alias":
    "select count(*) from products p join reviews r on r.product_id = p.id join inventory i using (product_id)",
  "materialized cte of aggregates":
    "with m as materialized (select customer_id, sum(total_cents) as cents from orders group by 1) select width_bucket(cents, 0, 2000000, 5) as b, count(*) from m group by b order by b",
  "numeric formats": "select to_char(1234.5, 'FM9,999.00'), to_number('12,345.6', '99G999D9'), to_hex(255), to_bin(5)",
  "gcd, lcm, factorial":
    "select gcd(12, 18), lcm(4, 6), factorial(5), cbrt(27), log(100), ln(1), pi() > 3, degrees(pi())",
  "random has a type": "select random() between 0 and 1 as ok, pg_typeof(1)::text",
  "xml off, text on": "select quote_literal('it''s'), quote_ident('a b'), quote_nullable(null)",
  "generated column": "select id, margin_cents from products order by margin_cents desc, id limit 5",
  "schema qualified": "select count(*) from public.products p join public.categories c on c.id = p.category_id",
  "pivot by aggregate filter":
    "select date_trunc('year', ordered_at) as y, count(*) filter (where status = 'paid') as paid, count(*) filter (where status = 'returned') as returned from orders group by 1 order by 1",
  "crosstab by jsonb":
    "select country, jsonb_object_agg(tier, n order by tier) from (select country, tier, count(*) as n from customers group by 1, 2) t group by country order by country",
  "geometric distance": "select round((point(1, 2) <-> point(4, 6))::numeric, 2)",
  "network types": "select inet '10.0.0.1' << inet '10.0.0.0/8' as inside, host(inet '10.0.0.1/24')",
  "enum like order":
    "select status, count(*) from orders group by status order by array_position(array['placed', 'paid', 'shipped', 'delivered', 'returned', 'cancelled'], status)",
});
