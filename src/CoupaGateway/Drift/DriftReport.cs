using System.Collections.Immutable;
using CoupaGateway.Connections;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Observed;

namespace CoupaGateway.Drift;

/// <summary>How the records of a tenant differ from the schema, and what became different when. No values.</summary>
/// <param name="CustomFields">What becomes of the customer's own fields: add, ignore or fail.</param>
/// <param name="Others">What becomes of other keys.</param>
/// <param name="Keys">Keys that records have, or had, beside those of the schema.</param>
/// <param name="Events">What came, went and changed, the newest first; the last 500.</param>
/// <param name="Overflow">Keys that are not remembered because there are too many.</param>
internal sealed record DriftReport(string CustomFields, string Others, ImmutableArray<DriftKey> Keys, ImmutableArray<DriftEventResource> Events, long Overflow)
{
    public static DriftReport Of(ObservedColumnOptions options, SchemaRevision schema, ObservedKeys observed)
    {
        var policy = options.ToPolicy();
        return new DriftReport(
            options.CustomFields,
            options.Others,
            [.. observed.Keys.OrderBy(static key => key.Table, StringComparer.Ordinal).ThenBy(static key => string.Join('.', key.Path), StringComparer.Ordinal).Select(key => DriftKey.Of(schema, policy, key))],
            [.. observed.Events.Reverse().Select(DriftEventResource.Of)],
            observed.Overflow);
    }
}
