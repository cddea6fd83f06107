namespace CoupaGateway;

/// <summary>The paths that the host itself serves: one home for each.</summary>
internal static class Endpoints
{
    /// <summary>Answers 200 as long as the process runs; open to everyone.</summary>
    public const string Live = "/livez";

    /// <summary>Answers 200 when requests may be sent here, with the state of the tables in a word; else 503. Open to everyone.</summary>
    public const string Ready = "/readyz";

    /// <summary>Answers 200 once the start is over; open to everyone.</summary>
    public const string Startup = "/startupz";

    /// <summary>Swagger UI.</summary>
    public const string Swagger = "/swagger";

    /// <summary>The REST API, first version.</summary>
    public const string Api = "/api/v1";

    /// <summary>The JSON Schema of custom metadata.</summary>
    public const string MetadataSchema = $"{Api}/custom-metadata.schema.json";

    /// <summary>The feed of a connection.</summary>
    public static string Feed(string connection) => $"/odata/{connection}/";
}
