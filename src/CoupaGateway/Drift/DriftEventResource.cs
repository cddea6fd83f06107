using CoupaGateway.Rest;
using CoupaGateway.Schema.Observed;

namespace CoupaGateway.Drift;

/// <summary>Something became different.</summary>
/// <param name="Change">came, went, or changed its type.</param>
internal sealed record DriftEventResource(DateTimeOffset At, string Table, string Path, DriftChange Change, string? Before, string? After)
{
    public static DriftEventResource Of(DriftEvent one) => new(
        one.At,
        one.Table,
        string.Join('.', one.Path),
        one.Change,
        one.Before is { } before ? EnumNames.Of(before) : null,
        one.After is { } after ? EnumNames.Of(after) : null);
}
