namespace CoupaGateway.Sync.Flattening;

/// <summary>The keys in a long array: a short one is scanned instead.</summary>
internal sealed class SiblingKeys
{
    private readonly HashSet<long> _keys = [];

    /// <summary>Names the array that the keys are from; 0 for none.</summary>
    public long Array { get; private set; }

    public void Reset(long array)
    {
        _keys.Clear();
        Array = array;
    }

    public bool Add(long key) => _keys.Add(key);
}
