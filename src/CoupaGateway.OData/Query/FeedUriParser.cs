using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Model;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;

namespace CoupaGateway.OData.Query;

/// <summary>The one place where ODL parses text of a caller; whatever it throws becomes an error that names the option.</summary>
internal sealed class FeedUriParser(FeedModel model, FeedOptions options)
{
    private static readonly ODataUriResolver Resolver = new() { EnableCaseInsensitive = false };

    /// <param name="path">Path below the service root, escaped, without a leading slash.</param>
    /// <exception cref="FeedException">404: there is no such resource. 400: the path is malformed.</exception>
    public ODataPath ParsePath(string path)
    {
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
            throw FeedException.BadRequest(ErrorCodes.InvalidUrl, exception is ODataException ? exception.Message : "The path is malformed.");
        }
    }

    public FilterClause? ParseFilter(QueryOptionSet query, IEdmEntitySet set) => Parse(query, set, QueryOptionSet.Filter, static parser => parser.ParseFilter());

    public OrderByClause? ParseOrderBy(QueryOptionSet query, IEdmEntitySet set) => Parse(query, set, QueryOptionSet.OrderBy, static parser => parser.ParseOrderBy());

    public SelectExpandClause? ParseSelect(QueryOptionSet query, IEdmEntitySet set) => Parse(query, set, QueryOptionSet.Select, static parser => parser.ParseSelectAndExpand());

    private T? Parse<T>(QueryOptionSet query, IEdmEntitySet set, string option, Func<ODataQueryOptionParser, T> parse)
        where T : class
    {
        if (query[option] is not { } text)
            return null;
        if (string.IsNullOrWhiteSpace(text))
            throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"The query option '{option}' is empty.", option);

        text = ExpressionText.Prepare(text, options.MaxExpressionDepth, option);
        try
        {
            var parser = new ODataQueryOptionParser(model.Edm, set.EntityType, set, new Dictionary<string, string> { [option] = text }) { Resolver = Resolver };
            return DeepStack.Run(text.Length, () => parse(parser));
        }
        catch (ODataException exception)
        {
            throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"The query option '{option}' is not valid: {exception.Message}", option);
        }
        catch (Exception exception) when (exception is not (FeedException or OutOfMemoryException))
        {
            // ODL throws what it happens to throw on some malformed texts (FormatException, InvalidCastException, ArgumentException …).
            throw FeedException.BadRequest(ErrorCodes.InvalidOption, $"The query option '{option}' is not valid.", option);
        }
    }
}
