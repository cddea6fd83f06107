using CoupaGateway.Schema.Pseudonyms;
using CoupaGateway.Sync.Pseudonyms;

namespace CoupaGateway.Pseudonyms;

/// <summary>What is pseudonymized in a connection, and what perhaps ought to be.</summary>
/// <param name="Problem">Why nothing can be loaded; null when it can.</param>
/// <param name="Columns">Every column that a rule decided about.</param>
/// <param name="UnmatchedRules">Rules of the customer's that match no column.</param>
/// <param name="LooksPersonal">Columns in clear whose names suggest personal data.</param>
/// <param name="Problems">Rules that contradict each other or would break keys.</param>
/// <param name="Counts">Values replaced by the last full load of each table and the deltas since.</param>
/// <param name="PersonalValues">Columns in clear with values that look personal, by the same loads.</param>
internal sealed record PseudonymReportResource(
    string? Problem,
    IReadOnlyList<CoverageResource> Columns,
    IReadOnlyList<string> UnmatchedRules,
    IReadOnlyList<PersonalLook> LooksPersonal,
    IReadOnlyList<string> Problems,
    IReadOnlyList<PseudonymCount> Counts,
    IReadOnlyList<PersonalValues> PersonalValues);
