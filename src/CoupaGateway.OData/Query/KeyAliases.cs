using System.Text.RegularExpressions;
using CoupaGateway.OData.Errors;

namespace CoupaGateway.OData.Query;

/// <summary>
/// Puts the values of parameter aliases into keys, before ODL parses them, for it keeps to itself which alias it has met: <c>invoices(@id)?@id=1</c>.
/// Keys are whole numbers, so nothing but digits gets into the path.
/// </summary>
internal static partial class KeyAliases
{
    /// <param name="path">Path below the service root, encoded.</param>
    /// <exception cref="FeedException">400: an alias has no value, or one that is no key.</exception>
    public static string Resolve(string path, QueryOptionSet query) => path.Contains("%40", StringComparison.Ordinal)
        ? string.Join('/', path.Split('/').Select(Uri.UnescapeDataString).Select(segment => Uri.EscapeDataString(ResolveSegment(segment, query))))
        : path;

    /// <summary>Segments with a dollar sign have no key, but may have aliases: <c>$filter(@f)</c>.</summary>
    private static string ResolveSegment(string segment, QueryOptionSet query) =>
        segment.StartsWith('$') ? segment : KeyAlias().Replace(segment, match => Read(match.Value, query));

    private static string Read(string alias, QueryOptionSet query)
    {
        if (query[alias] is not { } text)
            throw FeedException.BadRequest(ErrorCodes.InvalidUrl, $"The parameter alias '{alias}' stands in a key, but has no value.", alias);

        return WholeNumber().IsMatch(text.Trim())
            ? text.Trim()
            : throw FeedException.BadRequest(ErrorCodes.InvalidUrl, $"The parameter alias '{alias}' stands in a key, but its value is no whole number.", alias);
    }

    [GeneratedRegex(@"(?<=[(,=]\s*)@[A-Za-z_][A-Za-z0-9_]*(?=\s*[,)])", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex KeyAlias();

    [GeneratedRegex("^-?[0-9]{1,19}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex WholeNumber();
}
