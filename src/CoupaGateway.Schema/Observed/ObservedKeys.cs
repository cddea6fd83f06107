using System.Collections.Immutable;

namespace CoupaGateway.Schema.Observed;

/// <summary>All keys that records of a connection were seen to have beside those of its schema, and what became of them. Immutable.</summary>
public sealed record ObservedKeys
{
    /// <summary>Keys that are remembered of a table and of a connection; what is beyond is only counted.</summary>
    public const int MostOfTable = 1_000, Most = 10_000;

    /// <summary>Events that are remembered, the newest.</summary>
    public const int MostEvents = 500;

    public static ObservedKeys None { get; } = new();

    public ImmutableArray<ObservedKey> Keys { get; init; } = [];

    /// <summary>What happened, the newest last.</summary>
    public ImmutableArray<DriftEvent> Events { get; init; } = [];

    /// <summary>Keys that were not taken in because there were too many.</summary>
    public long Overflow { get; init; }

    /// <summary>Takes in what a run saw. Kinds only add up, so types only widen, whatever order runs end in.</summary>
    public ObservedKeys Merge(RunObservations run, DateTimeOffset now)
    {
        var keys = Keys.ToBuilder();
        var events = Events.ToBuilder();
        var places = new Dictionary<(string, string), int>();
        for (var i = 0; i < keys.Count; i++)
            places[Place(keys[i].Table, keys[i].Path)] = i;

        var ofTable = keys.CountBy(static key => key.Table, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var overflow = Overflow + run.Overflow;
        var seen = new HashSet<(string, string)>();
        foreach (var one in run.Keys)
        {
            var place = Place(one.Table, one.Path);
            if (one.Count > 0)
                seen.Add(place);
            if (places.TryGetValue(place, out var index))
            {
                keys[index] = Again(keys[index], one, now, events);
            }
            else if (one.Count > 0)
            {
                if (keys.Count >= Most || ofTable.GetValueOrDefault(one.Table) >= MostOfTable)
                {
                    overflow++;
                    continue;
                }

                var added = new ObservedKey { Table = one.Table, Path = one.Path, Kinds = one.Kinds, Count = one.Count, FirstSeen = now, LastSeen = now };
                places[place] = keys.Count;
                keys.Add(added);
                ofTable[one.Table] = ofTable.GetValueOrDefault(one.Table) + 1;
                events.Add(new DriftEvent(now, one.Table, one.Path, DriftChange.Came, null, added.Type));
            }
        }

        for (var i = 0; run.IsComplete && i < keys.Count; i++)
        {
            if (keys[i].GoneSince is null && run.Elements.GetValueOrDefault(keys[i].Table) > 0 && !seen.Contains(Place(keys[i].Table, keys[i].Path)))
            {
                events.Add(new DriftEvent(now, keys[i].Table, keys[i].Path, DriftChange.Went, keys[i].Type, null));
                keys[i] = keys[i] with { GoneSince = now };
            }
        }

        return new ObservedKeys
        {
            Keys = keys.ToImmutable(),
            Events = events.Count <= MostEvents ? events.ToImmutable() : [.. events.Skip(events.Count - MostEvents)],
            Overflow = overflow,
        };
    }

    private static ObservedKey Again(ObservedKey known, Observation one, DateTimeOffset now, ImmutableArray<DriftEvent>.Builder events)
    {
        if (one.Count == 0)
            return known;

        var next = known with { Kinds = known.Kinds | one.Kinds, Count = known.Count + one.Count, LastSeen = now, GoneSince = null };
        if (known.GoneSince is not null)
            events.Add(new DriftEvent(now, known.Table, known.Path, DriftChange.Came, null, next.Type));
        if (next.Type != known.Type)
            events.Add(new DriftEvent(now, known.Table, known.Path, DriftChange.Changed, known.Type, next.Type));
        return next;
    }

    private static (string Table, string Path) Place(string table, ImmutableArray<string> path) => (table, string.Join('\n', path));
}
