namespace CoupaGateway.Sandbox.Tenants;

/// <summary>The ids of a resource in order, without a list of them.</summary>
internal interface IKeySpace
{
    long Count { get; }

    /// <summary>The id of the record at a rank from 0 to <see cref="Count"/> - 1.</summary>
    long IdAt(long rank);

    /// <summary>How many records have a smaller id.</summary>
    long RankOf(long id);

    /// <summary>What identifies the record at a rank: its id, where ids do not repeat.</summary>
    long KeyAt(long rank) => IdAt(rank);

    /// <summary>The rank of the record with a key, or -1.</summary>
    long RankOfKey(long key)
    {
        var rank = RankOf(key);
        return rank < Count && IdAt(rank) == key ? rank : -1;
    }
}
