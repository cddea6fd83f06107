using System.Text;
using CoupaGateway.Sync.Flattening.Values;
using CoupaGateway.Sync.Observing;

namespace CoupaGateway.Sync.Flattening;

/// <summary>
/// Finds the field that a key of an object stands for. Records repeat their keys in the same order, so each key remembers the one that came
/// after it: the usual lookup is one comparison of bytes. Spellings (<c>-</c> or <c>_</c>, escapes) are learned as they appear.
/// </summary>
internal sealed class KeyTable
{
    // Unknown keys are remembered up to here; a record with ever new keys must not fill the memory.
    private const int MostSpellings = 4_096;

    private readonly ObjectPlan _plan;
    private readonly KeyObserver _observer;
    private readonly Dictionary<SpellingKey, Spelling> _spellings = [];

    public KeyTable(ObjectPlan plan, KeyObserver observer) => (_plan, _observer) = (plan, observer);

    /// <summary>Stands before the first key of an object.</summary>
    public Spelling Start { get; } = new([], null);

    /// <param name="previous">What the call before returned for this object, or <see cref="Start"/>.</param>
    /// <param name="key">The key as it is written in the JSON, without quotes.</param>
    public Spelling Find(Spelling previous, ReadOnlySpan<byte> key)
    {
        var next = previous.Next;
        if (next is not null && key.SequenceEqual(next.Bytes))
            return next;

        return previous.Next = Learn(key);
    }

    private Spelling Learn(ReadOnlySpan<byte> key)
    {
        var lookup = new SpellingKey(key);
        if (_spellings.TryGetValue(lookup, out var known) && key.SequenceEqual(known.Bytes))
            return known;

        var name = Name(key);
        var field = _plan.Fields.GetValueOrDefault(name);
        var spelling = new Spelling(key.ToArray(), field, field is null or { IsObserved: true } ? _observer.Find(_plan.Table, [.. _plan.Path, name]) : null);
        if (_spellings.Count < MostSpellings)
            _spellings[lookup] = spelling;

        return spelling;
    }

    /// <summary>A key without its escapes and with <c>-</c> written as <c>_</c>.</summary>
    public static string Name(ReadOnlySpan<byte> key)
    {
        var text = new byte[key.Length];
        return ObjectPlan.Normalize(Encoding.UTF8.GetString(text.AsSpan(0, JsonText.Unescape(key, text, out _))));
    }
}
