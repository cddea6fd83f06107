using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using CoupaGateway.Access;
using CoupaGateway.Rest;
using CoupaGateway.Schema.Pseudonyms;
using CoupaGateway.Sync.Progress;
using CoupaGateway.Sync.Pseudonyms;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CoupaGateway.Pseudonyms;

/// <summary>Tokens of known values, so that one can filter for a person, and the report on what is covered. There is no way from token to value.</summary>
internal static class PseudonymEndpoints
{
    private const int MostValues = 100;
    private const int LongestValue = 1_000;

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
        group.MapGet("/", Report)
            .WithName("getPseudonymReport")
            .WithSummary("Report what is pseudonymized")
            .WithDescription("Which column is covered by which rule, rules that match nothing, and columns in clear that look personal by name or by the values that were loaded.")
            .ProducesProblem(StatusCodes.Status404NotFound);
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
        if (!TakeTurn(connection))
            return Problems.Create(429, "too-many-requests", "Too many requests for tokens.", "Wait a few seconds. Ask for up to 100 values at once.");

        try
        {
            var secrets = keyring.Open(connection);
            var tokens = secrets.Versions.Reverse().Select(version => new TokenResource(version, [.. request.Values.Select(value => secrets.TokenOf(version, request.Domain, value))])).ToArray();
            PseudonymLog.TokensGiven(
                loggers.CreateLogger(typeof(PseudonymEndpoints)), connection, context.User.Identity?.Name ?? "anonymous", request.Values.Length, request.Domain);
            return TypedResults.Ok(tokens);
        }
        catch (PseudonymKeyException error)
        {
            return Problems.Create(409, "no-key", "The connection's key cannot be had.", error.Message);
        }
    }

    private static Results<Ok<PseudonymReportResource>, ProblemHttpResult> Report(
        string connection, [FromServices] IPseudonymReports reports, [FromServices] ISyncProgress progress)
    {
        if (reports.FindReport(connection) is not { } report)
            return Problems.NoSuchConnection();

        var findings = progress.Snapshot().Where(table => table.Connection == connection).Select(static table => table.Findings).ToArray();
        return TypedResults.Ok(new PseudonymReportResource(
            reports.FindProblem(connection),
            [.. report.Columns.Select(static column => new CoverageResource(column.Table, column.Column, column.Rule, PseudonymAlgorithms.NameOf(column.Algorithm), column.Domain))],
            report.UnmatchedRules,
            report.LooksPersonal,
            report.Problems,
            [.. findings.SelectMany(static table => table.Pseudonyms)],
            [.. findings.SelectMany(static table => table.PersonalValues)]));
    }

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
