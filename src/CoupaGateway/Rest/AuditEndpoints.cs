using CoupaGateway.Access;
using CoupaGateway.Audit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CoupaGateway.Rest;

/// <summary>The audit log.</summary>
internal static class AuditEndpoints
{
    private const int MostEntries = 1_000;

    public static IEndpointRouteBuilder MapAudit(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet($"{Endpoints.Api}/audit", ReadAsync)
            .WithTags("Audit")
            .Needs(GatewayRole.Admin)
            .WithName("listAudit")
            .WithSummary("Read the audit log")
            .WithDescription("Who did what to which connection, from the newest back: everything that changes something, and what was refused for want of a role. 10,000 entries of at most 90 days are kept; the log has the same events.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        return endpoints;
    }

    /// <param name="before">Only entries before this instant: the last one's <c>at</c> for the next page.</param>
    /// <param name="count">Number of entries, 1 to 1000. The default is 100.</param>
    private static async Task<Results<Ok<AuditEntry[]>, ProblemHttpResult>> ReadAsync(
        [FromServices] AuditLog audit, CancellationToken cancellationToken, DateTimeOffset? before = null, int count = 100) =>
        count is < 1 or > MostEntries
            ? Problems.Invalid(new Dictionary<string, string[]> { ["count"] = [$"Give 1 to {MostEntries}."] })
            : TypedResults.Ok(await audit.ReadAsync(before, count, cancellationToken));
}
