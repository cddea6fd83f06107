using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Model;
using Microsoft.OData;
using Microsoft.OData.UriParser;

namespace CoupaGateway.OData.Query;

/// <summary>Where ODL parses the path of a caller.</summary>
internal sealed class FeedUriParser(FeedModel model)
{
    internal static readonly ODataUriResolver Resolver = new() { EnableCaseInsensitive = false };

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
}
