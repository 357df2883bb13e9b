with completions as (
    select * from {{ ref('stg_ipeds__completions') }}
),

cip_vintages as (
    select * from {{ ref('cip_vintages') }}
),

award_levels as (
    select * from {{ ref('award_levels') }}
),

-- Grand totals (CIP 99) and sums of four or two digits would double-count.
detail_rows as (
    select
        award_year,
        unitid,
        cip_code,
        major_number,
        award_level,
        award_count,
        award_count_status,
        award_men_count,
        award_men_count_status,
        award_women_count,
        award_women_count_status,
        imputation_code,
        load_id,
        row_number() over (
            partition by award_year, unitid, cip_code, major_number, award_level
            order by load_id desc, row_number asc
        ) as place
    from completions
    where not is_grand_total and length(cip_code) = 7
),

completions_by_program as (
    select
        {{ surrogate_key([
            'detail_rows.award_year', 'detail_rows.unitid', 'detail_rows.cip_code',
            'detail_rows.major_number', 'detail_rows.award_level'
        ]) }} as completions_key,
        detail_rows.award_year,
        detail_rows.unitid,
        detail_rows.cip_code,
        cip_vintages.cip_vintage,
        detail_rows.major_number,
        detail_rows.award_level,
        award_levels.award_group,
        detail_rows.award_count,
        detail_rows.award_count_status,
        detail_rows.award_men_count,
        detail_rows.award_men_count_status,
        detail_rows.award_women_count,
        detail_rows.award_women_count_status,
        detail_rows.imputation_code,
        detail_rows.load_id
    from detail_rows
    inner join cip_vintages
        on
            detail_rows.award_year >= cip_vintages.first_award_year
            and detail_rows.award_year <= cip_vintages.last_award_year
    inner join award_levels
        on detail_rows.award_level = award_levels.award_level
    where detail_rows.place = 1
)

select * from completions_by_program
