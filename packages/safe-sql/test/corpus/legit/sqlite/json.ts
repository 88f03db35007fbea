import { theme } from "../../statement.ts";

/** JSON in text columns, and the table-valued functions that read it. */
export const JSON_QUERIES = theme("json", {
  json_extract:
    "select json_extract(payload, '$.device.os') as os, count(*) from events where kind = 'visit' group by os order by os",
  "json_extract of many": "select json_extract(attributes, '$.size.w', '$.size.h') from products order by id limit 5",
  "path operators":
    "select attributes ->> '$.size.w' as w, attributes -> '$.tags[0]' as tag from products order by id limit 10",
  "last element": "select attributes ->> '$.tags[#-1]' as tag, count(*) from products group by tag order by tag",
  json_each:
    "select t.value as tag, count(*) from products p, json_each(p.attributes, '$.tags') t group by tag order by 2 desc, 1 limit 20",
  "json_each keys":
    "select e.key, e.type, count(*) from products p join json_each(p.attributes) e group by 1, 2 order by 1, 2",
  json_tree:
    "select t.fullkey, count(*) from products p, json_tree(p.attributes) t where t.atom is not null and p.id <= 50 group by 1 order by 1",
  "json_each of a literal": "select value * 2 from json_each('[1, 2, 3]')",
  "json_each of a parameter": [
    "select c.name from json_each(?) j join categories c on c.id = j.value order by c.id",
    "[1, 5, 9]",
  ],
  json_array_length: "select json_array_length(attributes, '$.tags') as n, count(*) from products group by n",
  json_type: "select json_type(attributes, '$.warranty') as t, count(*) from products group by t order by t",
  json_valid: "select json_valid(payload) as ok, count(*) from events group by ok",
  json_object:
    "select json_object('id', id, 'name', name, 'big', price_cents > 20000) from products order by id limit 5",
  json_array: "select json_array(id, name, null, 1.5) from categories order by id limit 5",
  json_group_array:
    "select category_id, json_group_array(id) from (select category_id, id from products where id <= 40 order by id) group by category_id order by category_id",
  json_group_object:
    "select json_group_object(status, n) from (select status, count(*) as n from orders group by status order by status)",
  json_set:
    "select json_set('{\"a\":1}', '$.b', 2), json_replace('{\"a\":1}', '$.a', 9), json_insert('[1]', '$[#]', 2)",
  "json_remove and json_patch":
    "select json_remove(attributes, '$.tags'), json_patch('{\"a\":1}', '{\"b\":2}') from products where id = 1",
  json_quote: "select json_quote('it''s'), json_quote(3)",
  "json pretty": "select json_pretty('[1,{\"a\":2}]')",
  "jsonb round trip": "select json(jsonb(payload)) = json(payload) as same, count(*) from events group by same",
  "filter by json":
    "select count(*) from products where attributes ->> '$.size.w' > 100 and attributes ->> '$.colour' in ('red', 'blue')",
  "aggregate over json":
    "select attributes ->> 'colour' as colour, round(avg(attributes ->> '$.size.w'), 2) from products group by colour order by colour",
  "most wanted products":
    "select p.name, count(*) as n from events e join products p on p.id = e.payload ->> 'product' where e.kind = 'add_to_cart' group by p.id order by n desc, p.id limit 10",
  "search terms":
    "select payload ->> 'q' as q, count(*) as n, avg(payload ->> 'hits') > 15 as many from events where kind = 'search' group by q order by n desc, q limit 15",
  "test groups":
    "select value as grp, count(distinct session_id) from events, json_each(payload, '$.ab') where kind = 'purchase' group by grp order by grp",
  "pivot from json":
    "select sum(payload ->> '$.device.os' = 'ios') as ios, sum(payload ->> '$.device.os' = 'linux') as linux from events where kind = 'visit'",
  "rows from a json report":
    'select x.value ->> \'sku\' as sku, x.value ->> \'n\' as n from json_each(\'[{"sku":"a","n":1},{"sku":"b","n":2}]\') x order by sku',
  "exists in json":
    "select count(*) from products p where exists (select 1 from json_each(p.attributes, '$.tags') where value = 'lamp')",
});
