import { theme } from "../../statement.ts";

/** Every kind of join, and every way to say one. */
export const JOINS = theme("joins", {
  inner:
    "select p.name, c.name as category from products p join categories c on c.id = p.category_id order by p.id limit 20",
  left: "select c.id, count(o.id) as orders from customers c left join orders o on o.customer_id = c.id group by c.id order by c.id limit 50",
  right:
    "select c.id, p.id as product from products p right join categories c on c.id = p.category_id and p.id < 50 order by c.id, p.id",
  full: "select a.id as a, b.id as b from (select id from categories where id < 30) a full join (select id from categories where id > 20) b on a.id = b.id order by 1, 2",
  cross:
    "select a.id, b.warehouse from (select id from categories where id <= 4) a cross join (select distinct warehouse from inventory) b order by 1, 2",
  comma: "select count(*) from categories a, categories b where a.parent_id = b.id",
  using:
    "select order_id, count(*) from order_items join payments using (order_id) group by order_id order by 2 desc, 1 limit 30",
  natural:
    "select count(*) from (select id as product_id, name from products) p natural join (select product_id, on_hand from inventory) i",
  self: "select a.name, b.name as parent from categories a left join categories b on a.parent_id = b.id order by a.id",
  "three levels of a tree":
    "select a.id, b.id, c.id from categories a join categories b on b.parent_id = a.id join categories c on c.parent_id = b.id order by 1, 2, 3",
  "six tables":
    "select c.country, k.name, count(*) as n from customers c join orders o on o.customer_id = c.id join order_items i on i.order_id = o.id join products p on p.id = i.product_id join categories k on k.id = p.category_id left join payments y on y.order_id = o.id group by c.country, k.name order by n desc, 1, 2 limit 20",
  "anti join":
    "select id from customers c where not exists (select 1 from orders o where o.customer_id = c.id) order by id limit 50",
  "anti join by left":
    "select c.id from customers c left join orders o on o.customer_id = c.id where o.id is null order by c.id limit 50",
  "anti join by not in":
    "select id from products where id not in (select product_id from reviews) order by id limit 50",
  "semi join":
    "select id from customers where id in (select customer_id from orders where total_cents > 250000) order by id limit 50",
  "non equal join":
    "select a.id, count(*) from categories a join categories b on b.id < a.id group by a.id order by a.id",
  "between join":
    "select b.lo, count(*) from (select 0 as lo, 99999 as hi union all select 100000, 199999 union all select 200000, 999999) b join orders o on o.total_cents between b.lo and b.hi group by b.lo order by b.lo",
  "join on expression":
    "select count(*) from products p join products q on q.id = p.id + 1 and p.price_cents > q.price_cents",
  "join a view":
    "select a.name, r.revenue_cents from active_products a join product_revenue r on r.product_id = a.id order by r.revenue_cents desc, a.id limit 10",
  "join subqueries":
    "select x.customer_id, x.n, y.m from (select customer_id, count(*) as n from orders group by customer_id) x join (select customer_id, count(*) as m from events group by customer_id) y on x.customer_id = y.customer_id order by 1 limit 40",
  "bought together":
    "select a.product_id as p, b.product_id as q, count(*) as n from order_items a join order_items b on a.order_id = b.order_id and a.product_id < b.product_id where a.product_id < 60 group by 1, 2 order by n desc, p, q limit 20",
  referrals:
    "select r.id, count(*) as brought from customers c join customers r on r.id = c.referred_by group by r.id order by brought desc, r.id limit 20",
  managers:
    "select e.name, m.name as manager, h.name as head from employees e left join employees m on m.id = e.manager_id left join employees h on h.id = m.manager_id order by e.id",
  "left join with condition in on":
    "select c.id, o.id as big_order from customers c left join orders o on o.customer_id = c.id and o.total_cents > 290000 where c.id <= 40 order by 1, 2",
  "address mismatch":
    "select count(*) from customers c join addresses a on a.customer_id = c.id where a.country <> c.country",
  "row value comparison":
    "select count(*) from addresses a join customers c on (a.customer_id, a.country) = (c.id, c.country)",
  "masked values join": "select count(*) from customers a join customers b on a.email = b.email",
  "nested join with parentheses":
    "select count(*) from customers c left join (orders o join order_items i on i.order_id = o.id) on o.customer_id = c.id",
});
