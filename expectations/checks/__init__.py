"""Checks in SQL, one module a door: what needs several tables, as queries of two counts."""
