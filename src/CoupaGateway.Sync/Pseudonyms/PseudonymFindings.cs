using System.Collections.Immutable;

namespace CoupaGateway.Sync.Pseudonyms;

/// <summary>What the loads of an API table, with everything nested in it, found of personal data since its last full load.</summary>
/// <param name="At">When the newest of them ended.</param>
public sealed record PseudonymFindings(ImmutableArray<PseudonymCount> Counts, ImmutableArray<PersonalValues> PersonalValues, DateTimeOffset At)
{
    internal PseudonymFindings Add(PseudonymFindings later) => new(
        [
            .. Counts.Concat(later.Counts).GroupBy(static count => (count.Table, count.Column))
                .Select(static group => new PseudonymCount(group.Key.Table, group.Key.Column, group.Sum(static count => count.Values))),
        ],
        [
            .. PersonalValues.Concat(later.PersonalValues).GroupBy(static values => (values.Table, values.Column))
                .Select(static group => new PersonalValues(
                    group.Key.Table, group.Key.Column, group.Sum(static values => values.Emails), group.Sum(static values => values.Phones), group.Sum(static values => values.Ibans))),
        ],
        later.At);
}
