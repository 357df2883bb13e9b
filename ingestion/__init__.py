"""Official endpoints and dropped files -> landing zone -> `raw_<source>` tables.

Reads the contracts (`dbt_project/models/staging/<source>/_<source>__sources.yml`) and publishers'
servers; writes the landing zone, `raw_<source>` and the loader's tables of `ops`. A file is loaded
whole, once, or not at all.
"""
