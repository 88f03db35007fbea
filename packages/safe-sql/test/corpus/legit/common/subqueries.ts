import { theme } from "../../statement.ts";

/** Subqueries in every clause, and set operations. */
export const SUBQUERIES = theme("subqueries", {
  "scalar in select":
    "select id, (select count(*) from reviews r where r.product_id = p.id) as reviews from products p order by id limit 40",
  "scalar in where": "select count(*) from orders where total_cents > (select avg(total_cents) from orders)",
  "correlated maximum":
    "select id, customer_id from orders o where total_cents = (select max(total_cents) from orders i where i.customer_id = o.customer_id) order by id limit 40",
  "exists with two":
    "select count(*) from customers c where exists (select 1 from orders o where o.customer_id = c.id and o.status = 'paid') and exists (select 1 from reviews r where r.customer_id = c.id)",
  "not exists inside exists":
    "select count(*) from customers c where exists (select 1 from orders o where o.customer_id = c.id and not exists (select 1 from payments p where p.order_id = o.id))",
  "in list": "select id, name from categories where id in (1, 3, 5, 7) order by id",
  "in with a row":
    "select count(*) from inventory where (product_id, warehouse) in (select id, 'north' from products where active = 1)",
  "in having":
    "select product_id, count(*) from reviews group by product_id having count(*) > (select count(*) / 100 from reviews) order by 2 desc, 1 limit 20",
  "in order by":
    "select id from categories c order by (select count(*) from products p where p.category_id = c.id) desc, id",
  "in case":
    "select id, case when exists (select 1 from reviews r where r.product_id = p.id) then 'yes' else 'no' end from products p order by id limit 30",
  "in from three deep":
    "select max(n) from (select category_id, count(*) as n from (select category_id from (select * from products) a where active = 1) b group by category_id) c",
  "in limit": "select id from categories order by id limit (select count(*) / 10 from categories)",
  "in coalesce": "select coalesce((select max(id) from orders where status = 'none'), -1)",
  union: "select city from customers union select city from addresses order by city",
  "union all":
    "select 'customers' as what, count(*) as n from customers union all select 'orders', count(*) from orders union all select 'items', count(*) from order_items",
  intersect:
    "select customer_id from orders where status = 'returned' intersect select customer_id from reviews where stars = 1 order by 1",
  except: "select id from products except select product_id from order_items order by 1 limit 20",
  "union of four with order":
    "select kind as k from events union select status from orders union select method from payments union select tier from customers order by k",
  "set operation in subquery":
    "select count(*) from (select customer_id from orders union select customer_id from events) t",
  "set operation in in":
    "select count(*) from customers where id in (select customer_id from orders except select customer_id from reviews)",
  values: "values (1, 'a'), (2, 'b'), (3, null)",
  "values in from": "select v.column1, v.column2 from (values (1, 'one'), (2, 'two')) v order by 1",
  "values with names": "with v(n, word) as (values (1, 'one'), (2, 'two')) select n, word from v order by n",
  "select without from": "select 1 as one, 'two' as two, null as three",
  "any by max":
    "select count(*) from orders where total_cents >= (select max(total_cents) from orders where status = 'paid')",
  "derived column names":
    "select t.a + t.b as c from (select id as a, parent_id as b from categories where parent_id is not null) t order by c limit 10",
  "limit and offset": "select id from products order by id limit 10 offset 30",
  distinct: "select distinct country, city from customers order by country, city",
  "distinct expression": "select distinct total_cents % 7 from orders order by 1",
  "top three per category by correlated count":
    "select p.id, p.category_id from products p where (select count(*) from products q where q.category_id = p.category_id and (q.price_cents > p.price_cents or (q.price_cents = p.price_cents and q.id < p.id))) < 3 and p.id <= 300 order by 2, 1 limit 60",
  "division: bought in every warehouse":
    "select product_id from inventory where on_hand > 0 group by product_id having count(distinct warehouse) = (select count(distinct warehouse) from inventory) order by 1 limit 30",
});
