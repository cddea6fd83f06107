using System.ComponentModel.DataAnnotations;
using CoupaGateway.Pseudonyms;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Catalogue;
using CoupaGateway.Sync.Schedules;

namespace CoupaGateway.Connections;

/// <summary>
/// What a connection reads, as a person writes it under <c>Connections:{name}</c>. How its tenant is reached stands in the same section:
/// <see cref="Coupa.Tenants.CoupaTenantOptions"/>.
/// </summary>
internal sealed class ConnectionOptions : IValidatableObject
{
    public const string Section = "Connections";

    /// <summary>Release of the Coupa instance, <c>R21</c> to <c>R46</c> or <c>latest</c>: newer columns are left out. The default is <c>latest</c>.</summary>
    public string ApiVersion { get; set; } = "latest";

    /// <summary>API tables to load, each with everything nested in it. Empty, the default, means all of <see cref="Process"/>.</summary>
    public IList<string> Tables { get; set; } = [];

    /// <summary><c>accounts-payable</c>, <c>purchase-to-pay</c>, or empty for every API table. The default is empty.</summary>
    public string Process { get; set; } = "";

    /// <summary>When the tables are brought up to date.</summary>
    public SyncScheduleOptions Schedule { get; set; } = new();

    /// <summary>Whether tables and columns of custom metadata are added to the built-in ones. The default is true.</summary>
    public bool CustomMetadata { get; set; } = true;

    /// <summary>What becomes of keys that records have and the schema lacks.</summary>
    public ObservedColumnOptions ObservedColumns { get; set; } = new();

    /// <summary>How personal data is treated. Without a key nothing is loaded, unless no rule needs one.</summary>
    public PseudonymOptions Pseudonymization { get; set; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!CoupaRelease.TryParse(ApiVersion, out _))
        {
            yield return new ValidationResult(
                $"ApiVersion '{ApiVersion}' is no release: give {CoupaRelease.Oldest} to {CoupaRelease.Newest}, or latest.", [nameof(ApiVersion)]);
        }

        var unknown = Tables.Except(BuiltInCatalogue.ApiTables).ToArray();
        if (unknown.Length > 0)
        {
            yield return new ValidationResult(
                $"Tables names what is no API table: {string.Join(", ", unknown)}. There are: {string.Join(", ", BuiltInCatalogue.ApiTables)}.",
                [nameof(Tables)]);
        }

        if (!ProcessTables.TryFind(Process, out _))
        {
            yield return new ValidationResult(
                $"Process '{Process}' is not known: give {string.Join(" or ", ProcessTables.Names)}, or leave it empty for every table.",
                [nameof(Process)]);
        }

        foreach (var problem in ObservedColumns.Problems())
            yield return new ValidationResult(problem, [nameof(ObservedColumns)]);

        var scheduleProblems = new List<string>();
        _ = SyncSchedule.Create(Schedule, scheduleProblems);
        foreach (var problem in scheduleProblems)
            yield return new ValidationResult(problem, [nameof(Schedule)]);

        var pseudonymProblems = Pseudonymization.Validate(validationContext).ToArray();
        foreach (var problem in pseudonymProblems)
            yield return problem;

        // Only what is valid by itself can be tried out on the tables. The built-in rules alone do not contradict each other there: a test says so.
        if (Pseudonymization.Rules.Count == 0 || pseudonymProblems.Length > 0 || unknown.Length > 0 || !CoupaRelease.TryParse(ApiVersion, out _) || !ProcessTables.TryFind(Process, out _))
            yield break;

        foreach (var problem in Pseudonymization.ProblemsWith(BuildSchema()))
            yield return new ValidationResult($"{PseudonymOptions.Section}: {problem}", [PseudonymOptions.Section]);
    }

    /// <summary>When the tables are due.</summary>
    public SyncSchedule BuildSchedule() => SyncSchedule.Create(Schedule, []);

    /// <summary>The release of the instance.</summary>
    /// <exception cref="InvalidOperationException">The options are not valid.</exception>
    public CoupaRelease Release => CoupaRelease.TryParse(ApiVersion, out var release) ? release : throw NotValid();

    /// <summary>The built-in tables that the options stand for.</summary>
    /// <exception cref="InvalidOperationException">The options are not valid.</exception>
    public SchemaRevision BuildSchema() =>
        ProcessTables.TryFind(Process, out var process) ? BuiltInCatalogue.Build(Release, Tables.Count > 0 ? [.. Tables] : process) : throw NotValid();

    private static InvalidOperationException NotValid() => new("The connection's options have to be valid.");
}
