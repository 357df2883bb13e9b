with regions as (
    select * from {{ ref('regions') }}
),

regions_with_key as (
    select
        {{ surrogate_key(['region_scheme', 'region_code']) }} as region_key,
        region_scheme,
        region_code,
        region_name,
        valid_from,
        valid_to
    from regions
)

select * from regions_with_key
