import { theme } from "../../statement.ts";

/** Rows outside a filter, by every way around it; and errors and time that would tell of them. */
export const ROWS = theme("hidden rows", {
  plain: "select note from orders where tenant = 'globex'",
  "or true": "select note from orders where tenant = 'acme' or 1",
  "or 1=1": "select body from tickets where internal = 0 or 1 = 1",
  "comment injected": "select body from tickets where 1 /* ) or (1 */",
  "closing the filter": "select body from tickets) union select body from tickets --",
  main: "select note from main.orders",
  "main, harmless columns": "select id, total_cents from main.orders",
  "main, counted": "select count(*) from main.orders",
  "main, no column": "select 1 from main.tickets",
  "main, exists": "select exists (select 1 from main.tickets where internal = 1)",
  "counted by tenant": "select tenant, count(*) from orders group by tenant",
  "union with main": "select id from orders union all select id from main.orders",
  "left join back": "select i.order_id, o.note from order_items i left join main.orders o on o.id = i.order_id",
  "index of the hidden": "select id from orders indexed by orders_customer where customer_id > 0",
  "by key": "select note from orders where id between 1 and 100",
  maximum: "select max(note), min(note) from orders",
  "window total": "select count(*) over () from orders limit 1",
  group_concat: "select group_concat(body) from tickets",
  "ordered by hidden": "select id from tickets order by internal desc, id limit 5",
  "cte forging": "with orders as (select * from main.orders) select note from orders where tenant <> 'acme'",
  "correlated to main": "select (select note from main.orders m where m.id = o.id + 1) from orders o",
  "subject lengths": "select length(subject), count(*) from tickets group by 1",
  "abs overflow on hidden rows":
    "select count(*) from tickets where case when internal = 1 then abs(-9223372036854775807 - 1) else 0 end = 0",
  "abs overflow in select": "select case when internal = 1 then abs(-9223372036854775807 - 1) end from tickets",
  "abs overflow by weight": "select sum(abs(-9223372036854775807 - (weight = 0))) from tickets where internal = 1",
  "json error on hidden text": "select count(*) from tickets where json_extract(body, '$.text') is not null",
  "json error in select": "select json(body) from tickets",
  "json error in order by": "select id from tickets order by json(body)",
  "json error in a join": "select count(*) from tickets t join categories c on json_extract(t.body, '$.n') = c.id",
  "json_each error": "select count(*) from tickets, json_each(tickets.body)",
  "json error in a filter": "select count(*) filter (where json(body) is not null) from tickets",
  "json error in having": "select internal from tickets group by internal having max(json(body)) is not null",
  "json error in case": "select sum(case when subject like 'CNRY%' then json('bad') is null else 0 end) from tickets",
  "integer overflow on hidden": "select sum(9223372036854775807 * internal) from tickets",
  "integer overflow by sum": "select sum(case when internal = 1 then 9223372036854775807 else 1 end) from tickets",
  "like pattern too long on hidden":
    "select count(*) from tickets where case when internal = 1 then 'a' like replace(hex(zeroblob(40000)), '0', '%') else 1 end",
  "unhex on hidden": "select count(*) from orders where case when tenant = 'globex' then json(note) else 1 end",
  "heavy work on hidden rows":
    "select count(*) from tickets where case when internal = 1 then length(hex(zeroblob(1000000))) else 1 end",
  "heavy recursion on hidden rows":
    "select count(*) from tickets t where case when internal = 1 then (with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000) select count(*) from n) else 1 end",
  "group_concat too big on hidden":
    "select length(group_concat(case when internal = 1 then hex(zeroblob(900000)) end)) from tickets",
  "string too big on hidden":
    "select count(*) from tickets where case when internal = 1 then length(zeroblob(2000000000)) else 1 end > 0",
  "format overflow on hidden":
    "select count(*) from tickets where case when internal = 1 then length(printf('%2000000000d', 1)) else 1 end > 0",
  "divide on hidden": "select sum(10 / weight) from tickets",
  "ceil of text on hidden": "select sum(ceil(body)) from tickets",
  "percentile out of range on hidden":
    "select percentile(weight, case when internal = 1 then 200 else 50 end) from tickets",
  "percentile of text on hidden": "select percentile(case when internal = 1 then 'x' else weight end, 50) from tickets",
  "row_number of the unseen": "select id, row_number() over (order by id) - id from orders limit 10",
  "explain the filter": "explain query plan select * from orders where note like 'CNRY%'",
  "view under the filter": "select sql from sqlite_temp_schema where name = 'orders'",
  "negative limit": "select body from tickets limit -1",
  "offset beyond": "select body from tickets limit 1000 offset 0",
  "recursive over hidden":
    "with recursive r(id, note) as (select id, note from orders where id = 1 union all select o.id, o.note from main.orders o join r on o.id = r.id + 1 where o.id < 50) select note from r",
  "payments of hidden orders joined":
    "select o.note from payments p join orders o on o.id = p.order_id where o.tenant <> 'acme'",
  "not in": "select i.order_id from order_items i where i.order_id not in (select id from orders) limit 3",
  "parameters do not reach the filter": "select note from orders where tenant = ?",
});
