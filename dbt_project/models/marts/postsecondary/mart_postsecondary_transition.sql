with transitions as (
    select * from {{ ref('fct_ps_transition') }}
),

students as (
    select * from {{ ref('dim_student') }}
),

student_years as (
    select * from {{ ref('fct_student_year') }}
),

concentrations as (
    select * from {{ ref('fct_ps_transition_pathway') }}
),

pathways as (
    select * from {{ ref('dim_pathway') }}
),

demographic_groups as (
    select * from {{ ref('dim_demographic_group') }}
),

ancestors as (
    select * from {{ ref('bridge_organization_ancestor') }}
),

organizations as (
    select * from {{ ref('dim_organization') }}
),

snapshot as (
    select * from {{ ref('dim_snapshot') }}
),
