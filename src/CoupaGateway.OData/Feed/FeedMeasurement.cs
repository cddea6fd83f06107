using Microsoft.AspNetCore.Http;

namespace CoupaGateway.OData.Feed;

/// <summary>What is found out about a request on its way, for the metrics.</summary>
internal sealed class FeedMeasurement
{
    /// <summary>Name of the connection, once it is known to exist.</summary>
    public string? Connection { get; set; }

    /// <summary>Name of the table, once it is known to exist.</summary>
    public string? Table { get; set; }

    /// <summary>Rows that were written.</summary>
    public long Rows { get; set; }

    /// <summary>That of a request; one that nobody reads where requests are not measured.</summary>
    public static FeedMeasurement Of(HttpContext context) => context.Features.Get<FeedMeasurement>() ?? new FeedMeasurement();
}
