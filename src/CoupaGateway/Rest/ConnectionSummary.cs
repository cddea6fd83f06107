using CoupaGateway.Connections;

namespace CoupaGateway.Rest;

/// <summary>A connection in the list of all.</summary>
/// <param name="Name">Name of the connection.</param>
/// <param name="Feed">Address of its OData V4 feed, relative to the gateway.</param>
/// <param name="Origin">Where it was written down: only what is stored can be changed by this API.</param>
/// <param name="IsPaused">Whether its tables are served as they are and not kept in sync.</param>
/// <param name="Problem">Why it cannot be used; null when it can.</param>
/// <param name="Tables">Number of tables in its schema.</param>
/// <param name="Loaded">Number of tables that can be read by now.</param>
internal sealed record ConnectionSummary(
    string Name, string Feed, ConnectionOrigin Origin, bool IsPaused, string? Problem, int Tables, int Loaded);
