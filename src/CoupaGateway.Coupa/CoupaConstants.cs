namespace CoupaGateway.Coupa;

internal static class CoupaConstants
{
    /// <summary>Name of the one <c>HttpClient</c> configuration that all tenants share.</summary>
    public const string HttpClientName = "CoupaGateway.Coupa";

    public const string TokenPath = "/oauth2/token";

    public const string ApiPath = "/api/";

    /// <summary>Levels of nesting in an answer. Coupa's deepest known record has about ten.</summary>
    public const int MaxJsonDepth = 64;
}
