using CoupaGateway.Schema.Observed;
using CoupaGateway.Sync.Flattening;

namespace CoupaGateway.Sync.Observing;

/// <summary>What a run has seen at one path of one table.</summary>
internal sealed class ObservedValue(KeyObserver owner, string table, string[] path)
{
    private readonly Dictionary<SpellingKey, (byte[] Key, ObservedValue? Value)> _children = [];

    public string Table { get; } = table;

    public string[] Path { get; } = path;

    public ValueKinds Kinds { get; private set; }

    public long Count { get; private set; }

    /// <summary>Looks at a value and takes it, with what is in it.</summary>
    public void Take(ref JsonCursor json)
    {
        if (json.Peek() == '{' && Path.Length < KeyObserver.Deepest)
        {
            Note(ValueKinds.Object);
            for (var more = json.EnterObject(); more; more = json.NextInObject())
            {
                if (Child(json.ReadKey()) is { } child)
                    child.Take(ref json);
                else
                    json.Skip();
            }

            return;
        }

        var first = json.Peek();
        var start = json.Position;
        json.Skip();
        Note(first, json.Text(start));
    }

    /// <summary>Looks at a scalar that was taken already.</summary>
    /// <param name="first">Its first byte.</param>
    /// <param name="text">As it is written in the JSON.</param>
    public void Note(byte first, ReadOnlySpan<byte> text)
    {
        if (first != 'n')
            Note(KindReader.Of(first, text, Kinds));
    }

    private void Note(ValueKinds kind)
    {
        Count++;
        Kinds |= kind;
    }

    private ObservedValue? Child(ReadOnlySpan<byte> key)
    {
        var lookup = new SpellingKey(key);
        if (_children.TryGetValue(lookup, out var known) && key.SequenceEqual(known.Key))
            return known.Value;

        var child = owner.Find(Table, [.. Path, KeyTable.Name(key)]);
        if (_children.Count < KeyObserver.MostOfTable)
            _children[lookup] = (key.ToArray(), child);
        return child;
    }
}
