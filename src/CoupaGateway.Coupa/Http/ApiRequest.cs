using System.Text;
using System.Text.RegularExpressions;
using CoupaGateway.Coupa.Budgets;

namespace CoupaGateway.Coupa.Http;

/// <summary>One GET below /api: where to, and on whose behalf.</summary>
/// <param name="Path">Path with leading /api/, the part that logs and errors may show.</param>
/// <param name="PathAndQuery">What is sent.</param>
/// <param name="Consumer">Who waits for the budget.</param>
internal sealed partial record ApiRequest(string Path, string PathAndQuery, BudgetConsumer Consumer)
{
    private const int MaxResourceLength = 200;

    /// <summary>See <see cref="Paging.PageRequest.Retrying"/>.</summary>
    public Action? Retrying { get; init; }

    /// <exception cref="ArgumentException">The resource is no plain path below /api.</exception>
    public static ApiRequest Create(string resource, IEnumerable<KeyValuePair<string, string>> query, BudgetConsumer consumer)
    {
        if (resource.Length > MaxResourceLength || !ResourcePattern().IsMatch(resource))
            throw new ArgumentException("A resource is a path below /api of letters, digits, '_' and '-', such as invoices or invoices/12.", nameof(resource));

        var path = CoupaConstants.ApiPath + resource;
        var builder = new StringBuilder(path);
        var separator = '?';
        foreach (var (name, value) in query)
        {
            builder.Append(separator).Append(Escape(name)).Append('=').Append(Escape(value));
            separator = '&';
        }

        return new ApiRequest(path, builder.ToString(), consumer);
    }

    // Left as they are, these make a projection a fifth shorter. Brackets are not legal in a query, but browsers and Coupa's own examples send them so.
    private static string Escape(string text) => Uri.EscapeDataString(text)
        .Replace("%2C", ",", StringComparison.Ordinal)
        .Replace("%3A", ":", StringComparison.Ordinal)
        .Replace("%5B", "[", StringComparison.Ordinal)
        .Replace("%5D", "]", StringComparison.Ordinal);

    [GeneratedRegex(@"\A[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex ResourcePattern();
}
