using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.RateLimiting;
using CoupaGateway.Access;
using CoupaGateway.OData.Anonymity;
using CoupaGateway.Rest;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Pseudonyms;
using CoupaGateway.Sync.Pseudonyms;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CoupaGateway.Pseudonyms;

/// <summary>Tokens of known values, so that one can filter for a person, and the report on what is covered. There is no way from token to value.</summary>
internal static class PseudonymEndpoints
{
    private const int MostValues = 100;
    private const int LongestValue = 1_000;
    private const int MostColumns = 20, LongestName = 128, LargestK = 1_000;

    /// <summary>Six bytes for each character, were all of them escaped, and what stands around them.</summary>
    private const int MaxBody = (MostValues * LongestValue * 6) + (64 * 1024);

    /// <summary>Whoever may ask without end can try out every employee: 30 requests at once, then one every two seconds, for each connection.</summary>
    private static readonly ConcurrentDictionary<string, RateLimiter> Limiters = new(StringComparer.Ordinal);

    public static IEndpointRouteBuilder MapPseudonyms(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup($"{Endpoints.Api}/connections/{{connection}}/pseudonyms").WithTags("Pseudonyms").Needs(GatewayRole.Operator).WithMetadata(new RequestSizeLimitAttribute(MaxBody));
        group.MapPost("/", Tokenize)
            .WithName("createPseudonyms")
            .WithSummary("Get the tokens of known values")
            .WithDescription("What the feed has in place of the values, for each key version there is, so that one can filter for a known person. Every request is audited.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
        group.MapGet("/", ReportAsync)
            .WithName("getPseudonymReport")
            .WithSummary("Report what is pseudonymized")
            .WithDescription("Which column is covered by which rule, rules that match nothing, and columns in clear that look personal by name or by the values that were loaded.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapPost("/groups", MeasureGroupsAsync)
            .WithName("measureGroups")
            .WithSummary("Check how easily people can be found again")
            .WithDescription("Groups the rows of a table by quasi-identifiers, columns that together may point to one person, and tells the sizes of the groups (k-anonymity), never their values.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        return endpoints;
    }

    private static Results<Ok<TokenResource[]>, ProblemHttpResult> Tokenize(
        string connection,
        TokenRequest request,
        HttpContext context,
        [FromServices] IPseudonymReports reports,
        [FromServices] IPseudonymKeyring keyring,
        [FromServices] ILoggerFactory loggers)
    {
        if (reports.FindReport(connection) is not { } report)
            return Problems.NoSuchConnection();
        if (request.Values is not { Length: >= 1 and <= MostValues } || request.Values.Any(static value => value is not { Length: <= LongestValue }))
            return Problems.Create(400, "bad-values", "The values cannot be taken.", $"Give 1 to {MostValues} values of at most {LongestValue} characters.");

        var domains = report.Columns.Select(static column => column.Domain).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        if (!domains.Contains(request.Domain, StringComparer.Ordinal))
            return Problems.Create(400, "no-such-domain", "No column has this domain.", $"There are: {string.Join(", ", domains)}.");
        var areIds = report.Columns.Any(column => column.Domain == request.Domain && column.Algorithm == PseudonymAlgorithm.IdPermutation);
        long[] ids = areIds ? [.. request.Values.Select(ReadId).OfType<long>()] : [];
        if (areIds && ids.Length < request.Values.Length)
            return Problems.Create(400, "bad-values", "The values cannot be taken.", $"The domain {request.Domain} has ids: whole numbers of 0 to {PseudonymSecrets.LargestId}, in digits.");
        if (!TakeTurn(connection))
            return Problems.Create(429, "too-many-requests", "Too many requests for tokens.", "Wait a few seconds. Ask for up to 100 values at once.");

        try
        {
            var secrets = keyring.Open(connection);
            var tokens = secrets.Versions.Reverse().Select(version => new TokenResource(version, [.. TokensOf(version)])).ToArray();
            PseudonymLog.TokensGiven(
                loggers.CreateLogger(typeof(PseudonymEndpoints)), connection, context.User.Identity?.Name ?? "anonymous", request.Values.Length, request.Domain);
            return TypedResults.Ok(tokens);

            IEnumerable<string> TokensOf(int version) => areIds
                ? secrets.IdTokensOf(version, request.Domain, ids).Select(static id => id.ToString(CultureInfo.InvariantCulture))
                : request.Values.Select(value => secrets.TokenOf(version, request.Domain, value));
        }
        catch (PseudonymKeyException error)
        {
            return Problems.Create(409, "no-key", "The connection's key cannot be had.", error.Message);
        }
    }

    private static async Task<Results<Ok<PseudonymReportResource>, ProblemHttpResult>> ReportAsync(
        string connection, [FromServices] IPseudonymReports reports, [FromServices] IPseudonymFindings loads, CancellationToken cancellationToken)
    {
        if (reports.FindReport(connection) is not { } report)
            return Problems.NoSuchConnection();

        var findings = await loads.ListAsync(connection, cancellationToken);
        return TypedResults.Ok(new PseudonymReportResource(
            reports.FindProblem(connection),
            [.. report.Columns.Select(static column => new CoverageResource(column.Table, column.Column, column.Rule, PseudonymAlgorithms.NameOf(column.Algorithm), column.Domain))],
            report.UnmatchedRules,
            report.LooksPersonal,
            report.Problems,
            [.. findings.SelectMany(static table => table.Counts)],
            [.. findings.SelectMany(static table => table.PersonalValues)]));
    }

    private static async Task<Results<Ok<GroupSizes>, ProblemHttpResult>> MeasureGroupsAsync(
        string connection, GroupsRequest request, [FromServices] ISchemaProvider schemas, [FromServices] IGroupSizes groups, CancellationToken cancellationToken)
    {
        if (schemas.Find(connection) is not { } schema)
            return Problems.NoSuchConnection();
        if (Check(request, schema) is { Count: > 0 } faults)
            return Problems.Invalid(faults);

        try
        {
            schema.TryGetTable(request.Table, out var table);
            return TypedResults.Ok(await groups.MeasureAsync(connection, table!, request.Columns, request.K, cancellationToken));
        }
        catch (GroupSizesException refusal)
        {
            return Problems.Create(StatusCodes.Status503ServiceUnavailable, "table-unavailable", "The table cannot be read now.", refusal.Message);
        }
    }

    private static Dictionary<string, string[]> Check(GroupsRequest request, SchemaRevision schema)
    {
        var faults = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (!schema.TryGetTable(request.Table ?? "", out var table))
            faults["table"] = ["There is no such table."];
        if (request.Columns is not { Length: >= 1 and <= MostColumns })
            faults["columns"] = [$"Give 1 to {MostColumns} columns."];
        else if (table is not null && request.Columns.Where(name => table.Columns.All(column => column.Name != name)).ToArray() is { Length: > 0 } unknown)
            faults["columns"] = [.. unknown.Select(static name => name is { Length: > 0 and <= LongestName } ? $"There is no column {name}." : "A name is empty or too long.")];
        if (request.K is < 2 or > LargestK)
            faults["k"] = [$"Give 2 to {LargestK}."];
        return faults;
    }

    private static long? ReadId(string value) => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && PseudonymSecrets.HasIdToken(id) ? id : null;

    private static bool TakeTurn(string connection)
    {
        var limiter = Limiters.GetOrAdd(connection, static _ => new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = 30,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(2),
            QueueLimit = 0,
        }));
        using var turn = limiter.AttemptAcquire();
        return turn.IsAcquired;
    }
}
