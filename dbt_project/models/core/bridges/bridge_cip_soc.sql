with pairs as (
    select * from {{ ref('stg_crosswalks__cip_soc') }}
),

marked_pairs as (
    select
        cip_code,
        soc_code,
        cip_vintage,
        soc_vintage,
        cip_code = '99.9999' or soc_code = '99-9999' as is_unmatched
    from pairs
),

weighted_pairs as (
    select
        {{ surrogate_key(['cip_vintage', 'cip_code', 'soc_vintage', 'soc_code']) }} as cip_soc_key,
        cip_code,
        soc_code,
        cip_vintage,
        soc_vintage,
        -- Equal split (method B): 1 over the programs of the occupation, and the other way round.
        cast(
            case
                when not is_unmatched
                    then
                        1.0 / count(*) over (
                            partition by soc_vintage, soc_code, cip_vintage, is_unmatched
                        )
            end as numeric(18, 15)
        ) as cip_weight,
        cast(
            case
                when not is_unmatched
                    then
                        1.0 / count(*) over (
                            partition by cip_vintage, cip_code, soc_vintage, is_unmatched
                        )
            end as numeric(18, 15)
        ) as soc_weight,
        is_unmatched
    from marked_pairs
)

select * from weighted_pairs
