with landed as (
    {{ landed('ipeds', 'completions') }}
),

completions as (
    select
        collection_year as award_year,
        unitid,
        cip_code,
        major_number,
        award_level_code as award_level,
        award_count,
        award_count_status,
        award_men_count,
        award_men_count_status,
        award_women_count,
        award_women_count_status,
        award_count_imputation_code as imputation_code,
        load_id,
        row_number,
        cip_code = '99' as is_grand_total
    from landed
)

select * from completions
