{#
    Tables of public sources whose rows have a period, with the first day of it: of a projection the
    year it starts from, of definitions of areas the wages that they are of, of a delineation its
    year.
#}
{%- set monthly = first_day_of_period('calendar_year', 'period_code') -%}
{%- set of_may = date_in_year('vintage_year', '5', '1') -%}
{%- set of_base_year = date_in_year('base_year', '1', '1') -%}
{%- set dated_tables = {
    'stg_bls_api__observations': monthly,
    'stg_bls_ces__observations': monthly,
    'stg_bls_laus__county_annual': date_in_year('calendar_year', '1', '1'),
    'stg_bls_laus__observations': monthly,
    'stg_bls_oews__reports': of_may,
    'stg_bls_oews__titled_wages': of_may,
    'stg_bls_oews__wages': of_may,
    'stg_bls_qcew__annual': date_in_year('calendar_year', '1', '1'),
    'stg_bls_qcew__quarterly': date_in_year(
        'calendar_year', 'cast(quarter_code as integer) * 3 - 2', '1'
    ),
    'stg_council_decisions__decisions': 'decision_date',
    'stg_geo__cbsa_counties': date_in_year('cbsa_vintage', '1', '1'),
    'stg_geo__oews_areas': date_in_year('area_vintage', '5', '1'),
    'stg_ipeds__completions': date_in_year('award_year - 1', '7', '1'),
    'stg_ipeds__institutions': date_in_year('collection_year', '1', '1'),
    'stg_projections__area_projections': of_base_year,
    'stg_projections__ep_education': date_in_year('matrix_year', '1', '1'),
    'stg_projections__ep_occupations': of_base_year,
    'stg_projections__ep_separations': of_base_year,
    'stg_projections__state_projections': of_base_year,
} -%}
with dated_rows as (
    {% for table, period_date in dated_tables.items() %}
        {{ 'union all' if not loop.first }}
        select
            load_id,
            min({{ period_date }}) as first_period_date,
            max({{ period_date }}) as last_period_date
        from {{ ref(table) }}
        group by load_id
    {% endfor %}
),

periods_covered as (
    select
        load_id,
        min(first_period_date) as first_period_date,
        max(last_period_date) as last_period_date
    from dated_rows
    group by load_id
)

select * from periods_covered
