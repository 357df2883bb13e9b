with spans as (
    select * from {{ ref('fct_enrollment_span') }}
),

diplomas as (
    select * from {{ ref('fct_diploma') }}
),

grade_levels as (
    select * from {{ ref('grade_levels') }}
),

exit_types as (
    select * from {{ ref('exit_types') }}
),

rules as (
    select * from {{ ref('cohort_rules') }}
),

snapshot as (
    select * from {{ ref('dim_snapshot') }}
),

leaving_exits as (
    select exit_type
    from exit_types
    where leaves_cohort_when_confirmed
    group by exit_type
),

high_school_spans as (
    select
        spans.student_key,
        spans.organization_code,
        spans.school_year,
        spans.entry_date,
        spans.exit_type,
        grade_levels.grade_order,
        row_number() over (
            partition by spans.student_key
            order by spans.school_year asc, spans.entry_date asc, spans.enrollment_span_key asc
        ) as place,
        max(spans.entry_date) over (partition by spans.student_key) as last_entry_date
    from spans
    inner join grade_levels
        on spans.grade_level = grade_levels.grade_level
    where
        spans.is_member
        and spans.is_primary_school
        and grade_levels.grade_band = '9-12'
),

-- The cohort is fixed by the first high-school year in the state and the grade in it.
cohorts as (
    select
        student_key,
        school_year as first_high_school_year,
        school_year + 12 - grade_order as cohort_year
    from high_school_spans
    where place = 1
),

timeframes as (
    select
        cohorts.student_key,
        cohorts.cohort_year,
        cohorts.first_high_school_year,
        rules.timeframe_years,
        rules.rule_version,
        cohorts.cohort_year + rules.timeframe_years - 4 as last_school_year,
        {{ date_in_year(
            'cohorts.cohort_year + rules.timeframe_years - 4',
            'rules.final_month', 'rules.final_day'
        ) }} as timeframe_end_date
    from cohorts
    inner join rules
        on
            cohorts.cohort_year >= rules.first_cohort_year
            and cohorts.cohort_year <= rules.last_cohort_year
),

-- A student belongs to the school of the last enrollment inside the timeframe.
last_spans as (
    select
        timeframes.student_key,
        timeframes.timeframe_years,
        high_school_spans.organization_code,
        high_school_spans.entry_date,
        high_school_spans.exit_type,
        high_school_spans.last_entry_date,
        row_number() over (
            partition by timeframes.student_key, timeframes.timeframe_years
            order by high_school_spans.entry_date desc, high_school_spans.place desc
        ) as place
    from timeframes
    inner join high_school_spans
        on
            timeframes.student_key = high_school_spans.student_key
            and timeframes.last_school_year >= high_school_spans.school_year
),

judged_students as (
    select
        timeframes.student_key,
        timeframes.cohort_year,
        timeframes.timeframe_years,
        last_spans.organization_code,
        timeframes.first_high_school_year,
        timeframes.timeframe_end_date,
        timeframes.rule_version,
        snapshot.as_of_date > timeframes.timeframe_end_date as is_timeframe_complete,
        coalesce(
            diplomas.is_regular_diploma
            and diplomas.diploma_date <= timeframes.timeframe_end_date,
            false
        ) as is_graduate,
        coalesce(diplomas.diploma_date <= timeframes.timeframe_end_date, false) as is_completer,
        -- Only a confirmed exit with no later enrollment leaves the cohort.
        leaving_exits.exit_type is not null
        and last_spans.entry_date = last_spans.last_entry_date as has_left
    from timeframes
    inner join last_spans
        on
            timeframes.student_key = last_spans.student_key
            and timeframes.timeframe_years = last_spans.timeframe_years
            and last_spans.place = 1
    cross join snapshot
    left join diplomas
        on timeframes.student_key = diplomas.student_key
    left join leaving_exits
        on last_spans.exit_type = leaving_exits.exit_type
),

cohort_members as (
    select
        student_key,
        cohort_year,
        timeframe_years,
        organization_code,
        first_high_school_year,
        timeframe_end_date,
        rule_version,
        is_graduate,
        is_timeframe_complete,
        -- The removal is applied once, at the end, and only to those who did not complete.
        is_completer or not has_left as is_in_denominator,
        case
            when is_graduate then 'graduated'
            when is_completer then 'completed'
            when has_left then 'removed'
            when not is_timeframe_complete then 'still_enrolled'
            else 'left'
        end as cohort_status
    from judged_students
)

select * from cohort_members
