namespace CoupaGateway.Sandbox.Tenants;

/// <summary>The ids of a resource in order, without a list of them.</summary>
internal interface IKeySpace
{
    long Count { get; }

    /// <summary>The id of the record at a rank from 0 to <see cref="Count"/> - 1.</summary>
    long IdAt(long rank);

    /// <summary>How many records have a smaller id.</summary>
    long RankOf(long id);
}
