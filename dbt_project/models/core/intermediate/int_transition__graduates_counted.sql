with transitions as (
    select * from {{ ref('fct_ps_transition') }}
),

students as (
    select * from {{ ref('dim_student') }}
),

student_years as (
    select * from {{ ref('fct_student_year') }}
),

cte_statuses as (
    select * from {{ ref('fct_cte_status') }}
),

organizations as (
    select * from {{ ref('dim_organization') }}
),

graduates as (
    select
        transitions.student_key,
        transitions.diploma_class,
        transitions.organization_code,
        students.sex,
        students.race_ethnicity,
        students.disability_status,
        students.english_learner_status,
        organizations.has_cte_program,
        1 as graduate_count,
        coalesce(student_years.economic_status, 'Unknown') as economic_status,
        case when transitions.is_searched then 1 else 0 end as searched_count,
        case when transitions.is_found then 1 else 0 end as found_count,
        case when transitions.is_enrolled_16_months then 1 else 0 end as enrolled_16_months_count,
        case when transitions.is_enrolled_12_months then 1 else 0 end as enrolled_12_months_count,
        case when transitions.is_enrolled_fall then 1 else 0 end as enrolled_fall_count
    from transitions
    inner join students
        on transitions.student_key = students.student_key
    inner join organizations
        on transitions.organization_code = organizations.organization_code
    left join student_years
        on
            transitions.student_key = student_years.student_key
            and transitions.diploma_class = student_years.school_year
),

concentrations as (
    select
        graduates.student_key,
        cte_statuses.pathway_code
    from graduates
    inner join cte_statuses
        on
            graduates.student_key = cte_statuses.student_key
            and graduates.diploma_class >= cte_statuses.school_year
    where cte_statuses.is_concentrator and graduates.has_cte_program
    group by graduates.student_key, cte_statuses.pathway_code
),

-- Every graduate has a pathway, if only a residual one; one with two is in both rows.
pathway_graduates as (
    select
        graduates.diploma_class,
        graduates.organization_code,
        graduates.graduate_count,
        graduates.searched_count,
        graduates.found_count,
        graduates.enrolled_16_months_count,
        graduates.enrolled_12_months_count,
        graduates.enrolled_fall_count,
        coalesce(
            concentrations.pathway_code,
            case when graduates.has_cte_program then 'NONE' else 'UNKNOWN' end
        ) as pathway_code
    from graduates
    left join concentrations
        on graduates.student_key = concentrations.student_key
),

group_counts as (
    {{ by_demographic_group('graduates', ['diploma_class', 'organization_code'], [
        'graduate_count', 'searched_count', 'found_count', 'enrolled_16_months_count',
        'enrolled_12_months_count', 'enrolled_fall_count',
    ]) }}
),

pathway_counts as (
    select
        diploma_class,
        organization_code,
        pathway_code,
        sum(graduate_count) as graduate_count,
        sum(searched_count) as searched_count,
        sum(found_count) as found_count,
        sum(enrolled_16_months_count) as enrolled_16_months_count,
        sum(enrolled_12_months_count) as enrolled_12_months_count,
        sum(enrolled_fall_count) as enrolled_fall_count
    from pathway_graduates
    group by diploma_class, organization_code, pathway_code
),

counted as (
    select
        diploma_class,
        organization_code,
        'All' as pathway_code,
        demographic_factor,
        demographic_group,
        cast(graduate_count as integer) as graduate_count,
        cast(searched_count as integer) as searched_count,
        cast(found_count as integer) as found_count,
        cast(enrolled_16_months_count as integer) as enrolled_16_months_count,
        cast(enrolled_12_months_count as integer) as enrolled_12_months_count,
        cast(enrolled_fall_count as integer) as enrolled_fall_count
    from group_counts
    union all
    select
        diploma_class,
        organization_code,
        pathway_code,
        'All' as demographic_factor,
        'All' as demographic_group,
        cast(graduate_count as integer) as graduate_count,
        cast(searched_count as integer) as searched_count,
        cast(found_count as integer) as found_count,
        cast(enrolled_16_months_count as integer) as enrolled_16_months_count,
        cast(enrolled_12_months_count as integer) as enrolled_12_months_count,
        cast(enrolled_fall_count as integer) as enrolled_fall_count
    from pathway_counts
)

select * from counted
