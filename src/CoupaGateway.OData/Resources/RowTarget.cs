using System.Collections.Immutable;
using CoupaGateway.OData.Tables;
using CoupaGateway.OData.Translation;
using Microsoft.OData.Edm;

namespace CoupaGateway.OData.Resources;

/// <summary>Rows of an entity set whose key begins with some values: all rows without any, those nested in one row, or one row.</summary>
internal sealed record RowTarget(IEdmEntitySet Set, ImmutableArray<long> Key)
{
    public static RowTarget All(IEdmEntitySet set) => new(set, []);

    /// <summary>Values of the first key column of the rows.</summary>
    public KeyRanges Keys => Key.IsEmpty ? KeyRanges.All : KeyRanges.Between(Key[0], Key[0]);

    /// <summary>The condition that a row is one of them; null for all.</summary>
    public string? Condition(RowReference row, SqlParameters parameters) =>
        Key.IsEmpty ? null : string.Join(" AND ", Key.Select((value, part) => $"{row.Key[part]} = {parameters.Add(value, SqlKind.Int64)}"));

    /// <summary>The key as it stands in addresses: <c>1</c>, <c>invoices_id=1,id=10</c>.</summary>
    public string KeyText => Key is [var single]
        ? FormattableString.Invariant($"{single}")
        : string.Join(',', Set.EntityType.DeclaredKey.Zip(Key, static (key, value) => FormattableString.Invariant($"{key.Name}={value}")));
}
