import { theme } from "../../statement.ts";

/** jsonb: operators, functions, paths and tables. */
export const JSON_QUERIES = theme("json", {
  "arrow chain":
    "select payload -> 'device' ->> 'os' as os, count(*) from events where kind = 'visit' group by 1 order by 1",
  "hash arrow":
    "select attributes #>> '{size,w}' as w, attributes #> '{tags,0}' as tag from products order by id limit 10",
  contains: 'select count(*) from products where attributes @> \'{"colour": "red"}\'',
  contained: "select count(*) from products where attributes -> 'size' <@ '{\"w\": 10, \"h\": 20}'",
  "has key": "select count(*) from products where attributes ? 'warranty'",
  "has any key": "select count(*) from products where attributes ?| array['warranty', 'none']",
  "has all keys": "select count(*) from products where attributes ?& array['colour', 'tags']",
  "array elements":
    "select t.tag, count(*) from products p cross join lateral jsonb_array_elements_text(p.attributes -> 'tags') as t(tag) group by 1 order by 2 desc, 1 limit 20",
  "object keys": "select k, count(*) from products, jsonb_object_keys(attributes) k group by k order by k",
  each: "select e.key, jsonb_typeof(e.value), count(*) from products p, jsonb_each(p.attributes) e group by 1, 2 order by 1, 2",
  each_text: 'select key, value from jsonb_each_text(\'{"a": 1, "b": "x"}\') order by key',
  "path query":
    "select p.id, x from products p, jsonb_path_query(p.attributes, '$.tags[*] ? (@ starts with \"t1\")') x order by p.id, x limit 20",
  "path exists": "select count(*) from products where jsonb_path_exists(attributes, '$.size ? (@.w > 100)')",
  "path match operator": "select count(*) from products where attributes @? '$.size.w ? (@ > 150)'",
  "path predicate": "select count(*) from products where attributes @@ '$.size.h < 20'",
  "path query first":
    "select jsonb_path_query_first(attributes, '$.tags[last]') as t, count(*) from products group by 1 order by 2 desc, 1 limit 5",
  json_agg:
    "select category_id, json_agg(id order by id) from products where id <= 40 group by category_id order by category_id",
  "jsonb_agg of objects":
    "select jsonb_agg(jsonb_build_object('id', id, 'name', name) order by id) from categories where id <= 4",
  jsonb_object_agg:
    "select jsonb_object_agg(status, n) from (select status, count(*) as n from orders group by status) t",
  json_build_array: "select json_build_array(id, name, null) from categories order by id limit 3",
  jsonb_set:
    "select jsonb_set('{\"a\": {\"b\": 1}}', '{a,b}', '2'), '{\"a\": 1, \"b\": 2}'::jsonb - 'a', '[1, 2]'::jsonb || '[3]'",
  "strip nulls and pretty": 'select jsonb_strip_nulls(\'{"a": null, "b": 1}\'), jsonb_pretty(\'{"a": 1}\')',
  "to_jsonb of a row": "select to_jsonb(c) from categories c order by id limit 3",
  row_to_json: "select row_to_json(t) from (select id, name from categories order by id limit 3) t",
  to_record: 'select * from jsonb_to_record(\'{"a": 1, "b": "x"}\') as r(a int, b text)',
  to_recordset:
    'select sku, n from jsonb_to_recordset(\'[{"sku": "a", "n": 1}, {"sku": "b", "n": 2}]\') as r(sku text, n int) order by sku',
  json_table:
    "select jt.w, jt.h from products p, json_table(p.attributes, '$.size' columns (w int path '$.w', h int path '$.h')) jt where p.id <= 5 order by p.id",
  "json_value and json_exists":
    "select json_value(attributes, '$.colour') as c, json_exists(attributes, '$.warranty') as w, count(*) from products group by 1, 2 order by 1, 2",
  json_query: "select json_query(attributes, '$.tags') from products order by id limit 3",
  "json constructors": "select json_object('a': 1, 'b': 'x'), json_array(1, 2, 3)",
  json_arrayagg: "select json_arrayagg(id order by id) from categories where id < 5",
  "is json": "select '{\"a\": 1}' is json as a, 'no' is json as b",
  subscript: "select attributes['size']['w'] from products order by id limit 5",
  "cast and sum": "select sum((payload ->> 'qty')::int) from events where kind = 'purchase'",
  "most wanted products":
    "select p.name, count(*) as n from events e join products p on p.id = (e.payload ->> 'product')::int where e.kind = 'add_to_cart' group by p.id, p.name order by n desc, p.id limit 10",
  "array length": "select jsonb_array_length(attributes -> 'tags') as n, count(*) from products group by 1 order by 1",
});
