using System.Collections.Concurrent;
using System.Globalization;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.State;
using CoupaGateway.Sync.Connections;
using CoupaGateway.Sync.Diagnostics;
using CoupaGateway.Sync.Runs;
using Microsoft.Extensions.Logging;

namespace CoupaGateway.Sync.Schedules;

/// <summary>Asks for what is due. What was done last is kept in Redis, where one of all processes takes each occurrence.</summary>
internal sealed class Scheduler(IDocumentStore documents, JobQueue jobs, SyncRuns runs, TimeProvider time, ILogger<Scheduler> logger)
{
    internal const string Collection = "schedule";

    /// <summary>What another process left undone is seen after so long.</summary>
    private static readonly TimeSpan LongestQuiet = TimeSpan.FromMinutes(1);

    /// <summary>By connection: until when nothing is due by what was read last. An idle gateway with many connections asks Redis for little.</summary>
    private readonly ConcurrentDictionary<string, Quiet> _quiet = new(StringComparer.Ordinal);

    public async Task AskForDueAsync(ConnectionConfig connection, SchemaRevision schema, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_quiet.TryGetValue(connection.Name, out var quiet) && quiet.Holds(connection.Schedule, schema, now))
            return;

        var known = await documents.ListAsync(connection.Name, Collection, cancellationToken);
        var due = new List<(string Table, ScheduleRule Rule, string? Known, DateTimeOffset Occurrence)>();
        var next = now + LongestQuiet;
        foreach (var table in schema.ApiTables())
        {
            foreach (var rule in connection.Schedule.RulesOf(table))
            {
                var text = known.GetValueOrDefault(Name(table, rule));
                var isKnown = DateTimeOffset.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var last);
                var isAhead = isKnown && connection.Schedule.IsAhead(rule, last, now);
                if (isAhead)
                    Log.ScheduleAhead(logger, connection.Name, table, rule.Name, last);
                if (!isKnown || isAhead)
                {
                    // Seen for the first time, or by another clock: a first load needs no schedule.
                    await documents.TrySetAsync(connection.Name, Collection, Name(table, rule), text, Text(now), cancellationToken);
                    next = now;
                    continue;
                }

                if (connection.Schedule.FindDue(table, rule, last, now) is { } occurrence)
                    due.Add((table, rule, text, occurrence));
                else if (connection.Schedule.FindNextBegin(table, rule, last, now) is { } begin && begin < next)
                    next = begin;
            }
        }

        if (due.Count == 0)
        {
            _quiet[connection.Name] = new Quiet(connection.Schedule, schema, now, next);
            return;
        }

        _quiet.TryRemove(connection.Name, out _);

        // A table that is in a run gets its turn afterwards; of several modes the strongest, which is the first, comes first.
        var busy = (await jobs.ListAsync(connection.Name, cancellationToken)).Select(static job => job.Table).ToHashSet();
        foreach (var group in due.Where(one => busy.Add(one.Table)).GroupBy(static one => (one.Rule.Mode, one.Rule.LooksBack)))
            await AskAsync(connection.Name, group.Key.Mode, group.Key.LooksBack, [.. group], cancellationToken);
    }

    private async Task AskAsync(
        string connection, LoadMode mode, bool looksBack, List<(string Table, ScheduleRule Rule, string? Known, DateTimeOffset Occurrence)> due, CancellationToken cancellationToken)
    {
        var taken = new List<string>();
        foreach (var (table, rule, known, occurrence) in due)
        {
            if (await documents.TrySetAsync(connection, Collection, Name(table, rule), known, Text(occurrence), cancellationToken))
                taken.Add(table);
        }

        if (taken.Count == 0)
            return;

        try
        {
            await runs.StartAsync(connection, new SyncRequest { Tables = [.. taken], Mode = mode, LooksBack = looksBack, Trigger = RunTrigger.Schedule }, cancellationToken);
        }
        catch (RunConflictException)
        {
            foreach (var (table, rule, known, occurrence) in due.Where(one => taken.Contains(one.Table)))
                await documents.TrySetAsync(connection, Collection, Name(table, rule), Text(occurrence), known, cancellationToken);
        }
    }

    private static string Name(string table, ScheduleRule rule) => $"{table}/{rule.Name}";

    private static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>Nothing is due from one instant until another, as long as schedule and tables are the same.</summary>
    private sealed record Quiet(SyncSchedule Schedule, SchemaRevision Schema, DateTimeOffset From, DateTimeOffset Until)
    {
        public bool Holds(SyncSchedule schedule, SchemaRevision schema, DateTimeOffset now) =>
            ReferenceEquals(Schedule, schedule) && ReferenceEquals(Schema, schema) && now >= From && now < Until;
    }
}
