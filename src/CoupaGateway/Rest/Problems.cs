using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CoupaGateway.Rest;

/// <summary>Makes the error bodies of the REST API: problem details (RFC 9457) whose <c>type</c> is stable.</summary>
internal static class Problems
{
    /// <summary>What stands before the code in <c>type</c>.</summary>
    private const string TypePrefix = "urn:coupa-gateway:problem:";

    /// <param name="code">Stable name of the kind of problem, in lower case with hyphens.</param>
    /// <param name="detail">What is wrong and how to mend it. No secrets, no personal data.</param>
    /// <param name="errors">For input with several faults: messages by field or JSON pointer.</param>
    public static ProblemHttpResult Create(
        int status, string code, string title, string detail, IReadOnlyDictionary<string, string[]>? errors = null) =>
        TypedResults.Problem(
            statusCode: status,
            type: TypePrefix + code,
            title: title,
            detail: detail,
            extensions: errors is null ? null : [KeyValuePair.Create<string, object?>("errors", errors)]);

    /// <param name="errors">All faults at once: messages by field.</param>
    public static ProblemHttpResult Invalid(IReadOnlyDictionary<string, string[]> errors) => Create(
        StatusCodes.Status400BadRequest,
        "invalid",
        "Something is wrong with the input.",
        $"{Count(errors.Sum(static error => error.Value.Length), "fault")} in {Count(errors.Count, "field")}: see errors.",
        errors);

    public static ProblemHttpResult NoSuchConnection() => Create(
        StatusCodes.Status404NotFound,
        "no-such-connection",
        "No such connection.",
        $"There is no connection of this name. GET {Endpoints.Api}/connections lists them.");

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : string.Create(CultureInfo.InvariantCulture, $"{number} {what}s");
}
