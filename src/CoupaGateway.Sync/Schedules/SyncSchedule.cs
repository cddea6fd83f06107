using System.Collections.Immutable;
using System.Text;
using CoupaGateway.Coupa.Budgets;
using Cronos;

namespace CoupaGateway.Sync.Schedules;

/// <summary>When a connection's tables are due. Immutable, and a function of its arguments: what was done is kept elsewhere.</summary>
public sealed class SyncSchedule
{
    private const string EveryQuarter = "*/15 * * * *";
    private const string Sundays = "0 2 * * 0";
    private const string EveryDay = "0 4 * * *";
    private const int MostJitterSeconds = 3_600;
    private const int MostPriority = 100;

    // Longer than any sensible distance between two occurrences; what was missed before that is not worth looking for.
    private static readonly TimeSpan LongestPast = TimeSpan.FromDays(400);

    private readonly ImmutableArray<ScheduleRule> _rules;
    private readonly ImmutableDictionary<string, ImmutableArray<ScheduleRule>> _tables;
    private readonly int _priority;
    private readonly ImmutableDictionary<string, int> _priorities;
    private readonly TimeZoneInfo _zone;
    private readonly TimeSpan _jitter;
    private readonly ImmutableArray<Blackout> _blackouts;

    private SyncSchedule(
        ImmutableArray<ScheduleRule> rules, ImmutableDictionary<string, ImmutableArray<ScheduleRule>> tables, int priority, ImmutableDictionary<string, int> priorities, TimeZoneInfo zone,
        TimeSpan jitter, ImmutableArray<Blackout> blackouts)
    {
        (_rules, _tables, _priority, _priorities) = (rules, tables, priority, priorities);
        (_zone, _jitter, _blackouts) = (zone, jitter, blackouts);
    }

    /// <summary>The defaults of <see cref="SyncScheduleOptions"/>.</summary>
    public static SyncSchedule Default { get; } = Create(new SyncScheduleOptions(), []);

    /// <summary>Nothing is ever due.</summary>
    public static SyncSchedule Never { get; } = new([], ImmutableDictionary<string, ImmutableArray<ScheduleRule>>.Empty, BudgetConsumer.DefaultPriority, ImmutableDictionary<string, int>.Empty, TimeZoneInfo.Utc, TimeSpan.Zero, []);

    /// <param name="failures">Takes what is wrong, each naming the key; the schedule is then not to be used.</param>
    public static SyncSchedule Create(SyncScheduleOptions options, ICollection<string> failures)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(options.TimeZone, out var zone))
            failures.Add($"Schedule:TimeZone '{options.TimeZone}' is not known: give an IANA name such as Europe/Berlin.");

        if (options.JitterSeconds is < 0 or > MostJitterSeconds)
            failures.Add($"Schedule:JitterSeconds has to be 0 to {MostJitterSeconds}.");

        var blackouts = ImmutableArray.CreateBuilder<Blackout>();
        foreach (var text in options.Blackouts)
        {
            if (Blackout.TryParse(text, out var blackout))
                blackouts.Add(blackout);
            else
                failures.Add($"Schedule:Blackouts '{text}' is no time of day: give it as 08:00-10:30.");
        }

        var rules = Rules("Schedule", options, EveryQuarter, Sundays, EveryDay, "", failures);
        var tables = options.Tables.ToImmutableDictionary(
            static table => table.Key,
            table => Rules(
                $"Schedule:Tables:{table.Key}",
                table.Value,
                options.Delta ?? EveryQuarter,
                options.LookBack ?? Sundays,
                options.Reconcile ?? EveryDay,
                options.Full ?? "",
                failures),
            StringComparer.Ordinal);
        var priority = Priority("Schedule", options.Priority, failures) ?? BudgetConsumer.DefaultPriority;
        var priorities = options.Tables
            .Select(table => (table.Key, Priority: Priority($"Schedule:Tables:{table.Key}", table.Value.Priority, failures)))
            .Where(static table => table.Priority is not null)
            .ToImmutableDictionary(static table => table.Key, static table => table.Priority!.Value, StringComparer.Ordinal);
        return new SyncSchedule(rules, tables, priority, priorities, zone ?? TimeZoneInfo.Utc, TimeSpan.FromSeconds(options.JitterSeconds), blackouts.ToImmutable());
    }

    /// <summary>Names of tables that have rules of their own.</summary>
    public IEnumerable<string> Tables => _tables.Keys;

    public ImmutableArray<ScheduleRule> RulesOf(string table) => _tables.GetValueOrDefault(table, _rules);

    /// <summary>How many turns a table gets beside others, 1 to 100.</summary>
    public int PriorityOf(string table) => _priorities.GetValueOrDefault(table, _priority);

    /// <summary>
    /// The newest occurrence after <paramref name="last"/> whose time has come; null when there is none. What was missed meanwhile is due once.
    /// </summary>
    /// <param name="last">The occurrence that was done last.</param>
    public DateTimeOffset? FindDue(string table, ScheduleRule rule, DateTimeOffset last, DateTimeOffset now)
    {
        if (last >= now)
            return null;

        DateTimeOffset? due = null;
        var from = last < now - LongestPast ? now - LongestPast : last;
        foreach (var occurrence in rule.Cron.GetOccurrences(from, now, _zone, fromInclusive: false, toInclusive: true))
        {
            if (BeginOf(table, rule, occurrence) <= now)
                due = occurrence;
        }

        return due;
    }

    /// <summary>
    /// Whether what was done last is so far ahead that other occurrences come before it: it was done by a clock that was ahead. One that was put back by a moment has only
    /// the same occurrence before it once more.
    /// </summary>
    public bool IsAhead(ScheduleRule rule, DateTimeOffset last, DateTimeOffset now) => last > now && rule.Cron.GetNextOccurrence(now, _zone) < last;

    /// <summary>When the next occurrence begins that has not begun yet: one whose time has come may still wait for its jitter or the end of a blackout. Null for never.</summary>
    /// <param name="last">The occurrence that was done last.</param>
    public DateTimeOffset? FindNextBegin(string table, ScheduleRule rule, DateTimeOffset last, DateTimeOffset now)
    {
        var from = last < now - LongestPast ? now - LongestPast : last > now ? now : last;

        // A later occurrence may wait less than the one before it.
        var until = rule.Cron.GetNextOccurrence(now, _zone) is { } next ? BeginOf(table, rule, next) : now;
        return rule.Cron.GetOccurrences(from, until, _zone, fromInclusive: false, toInclusive: true)
            .Select(occurrence => BeginOf(table, rule, occurrence)).Where(begin => begin > now).Select(static begin => (DateTimeOffset?)begin).Min();
    }

    /// <summary>When a table is due next, by any of its rules; null for never.</summary>
    public DateTimeOffset? FindNext(string table, DateTimeOffset now) =>
        RulesOf(table).Select(rule => FindNextBegin(table, rule, last: now, now)?.ToUniversalTime()).Min();

    /// <summary>When an occurrence begins: a little later, the same for everyone who asks, and not in a blackout.</summary>
    public DateTimeOffset BeginOf(string table, ScheduleRule rule, DateTimeOffset occurrence)
    {
        var begin = occurrence + (_jitter * Fraction($"{table}/{rule.Name}/{occurrence.UtcTicks}"));

        // Windows may touch each other; two rounds through all of them leave the last.
        for (var i = 0; i < _blackouts.Length * 2; i++)
        {
            var local = TimeZoneInfo.ConvertTime(begin, _zone);
            var blackout = _blackouts[i % _blackouts.Length];
            if (!blackout.Contains(TimeOnly.FromDateTime(local.DateTime)))
                continue;

            var end = local.Date + blackout.End.ToTimeSpan();
            if (end <= local.DateTime)
                end = end.AddDays(1);

            // An end that the clocks skip in spring is the moment after.
            while (_zone.IsInvalidTime(end))
                end = end.AddMinutes(15);

            begin = new DateTimeOffset(end, _zone.GetUtcOffset(end));
        }

        return begin;
    }

    private static int? Priority(string path, int? priority, ICollection<string> failures)
    {
        if (priority is < 1 or > MostPriority)
            failures.Add($"{path}:Priority {priority} has to be 1 to {MostPriority}; {BudgetConsumer.DefaultPriority} is usual.");

        return priority;
    }

    private static double Fraction(string text)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var letter in Encoding.UTF8.GetBytes(text))
            hash = (hash ^ letter) * 1_099_511_628_211UL;

        return (hash >> 11) * (1.0 / (1UL << 53));
    }

    private static ImmutableArray<ScheduleRule> Rules(
        string path, TableScheduleOptions options, string delta, string lookBack, string reconcile, string full, ICollection<string> failures)
    {
        var rules = ImmutableArray.CreateBuilder<ScheduleRule>();
        Add(nameof(options.Full), options.Full, full, LoadMode.Full, looksBack: false);
        Add(nameof(options.Reconcile), options.Reconcile, reconcile, LoadMode.Reconcile, looksBack: false);
        Add(nameof(options.LookBack), options.LookBack, lookBack, LoadMode.Delta, looksBack: true);
        Add(nameof(options.Delta), options.Delta, delta, LoadMode.Delta, looksBack: false);
        return rules.ToImmutable();

        void Add(string name, string? own, string otherwise, LoadMode mode, bool looksBack)
        {
            var text = own ?? otherwise;
            if (text.Length == 0)
                return;

            if (CronExpression.TryParse(text, out var cron))
                rules.Add(new ScheduleRule(mode, looksBack, cron));
            else if (own is not null) // what is taken over is told where it stands
                failures.Add($"{path}:{name} '{text}' is no cron expression: give five fields, such as {EveryQuarter}.");
        }
    }
}
