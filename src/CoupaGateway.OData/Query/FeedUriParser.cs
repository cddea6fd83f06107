using System.Globalization;
using System.Text.RegularExpressions;
using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Model;
using Microsoft.OData;
using Microsoft.OData.UriParser;

namespace CoupaGateway.OData.Query;

/// <summary>Where ODL parses the path of a caller.</summary>
internal sealed partial class FeedUriParser(FeedModel model)
{
    internal static readonly ODataUriResolver Resolver = new() { EnableCaseInsensitive = false };

    /// <param name="query">Where the values of parameter aliases are.</param>
    /// <param name="path">Path below the service root, escaped, without a leading slash.</param>
    /// <exception cref="FeedException">404: there is no such resource. 400: the path is malformed.</exception>
    public ODataPath ParsePath(string path, QueryOptionSet query)
    {
        path = KeyAlias().Replace(path, match => Key($"@{match.Groups["name"].Value}", query));
        try
        {
            var parser = new ODataUriParser(model.Edm, new Uri(path, UriKind.Relative)) { Resolver = Resolver, UrlKeyDelimiter = ODataUrlKeyDelimiter.Parentheses };
            return parser.ParsePath();
        }
        catch (ODataUnrecognizedPathException exception)
        {
            throw FeedException.NotFound(exception.Message);
        }
        catch (Exception exception) when (exception is not FeedException)
        {
            throw FeedException.BadRequest(ErrorCodes.InvalidUrl, Explain(path, exception));
        }
    }

    private static string Explain(string path, Exception exception) =>
        KeySegment().Match(path) is { Success: true } key ? $"The key of a row stands in parentheses, not behind a slash: '{key.Groups["set"]}({key.Groups["key"]})'."
        : exception is ODataException ? exception.Message
        : "The path is malformed.";

    private static string Key(string alias, QueryOptionSet query) =>
        long.TryParse(query[alias], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number.ToString(CultureInfo.InvariantCulture)
            : throw FeedException.BadRequest(ErrorCodes.InvalidUrl, $"The parameter alias '{alias}' in the key has no whole number as its value.", alias);

    /// <summary>A key as a segment, which the feed's conventions do not have.</summary>
    [GeneratedRegex("^(?<set>[A-Za-z0-9_]+)/(?<key>[0-9]+)(?=/|$)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex KeySegment();

    /// <summary>A parameter alias in a key: after the parenthesis, a comma or the sign behind the property's name, each of them escaped.</summary>
    [GeneratedRegex("(?<=%28|%2C|%3D)%40(?=[A-Za-z_])(?<name>[A-Za-z0-9_]+)(?=%29|%2C)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex KeyAlias();
}
