using CoupaGateway.Connections;

namespace CoupaGateway.Rest;

/// <summary>A connection with its settings. There is no secret in it.</summary>
internal sealed record ConnectionResource : ConnectionSettings
{
    /// <summary>Name of the connection.</summary>
    public string Name { get; init; } = "";

    /// <summary>Address of its OData V4 feed, relative to the gateway.</summary>
    public string Feed { get; init; } = "";

    /// <summary>Where it was written down: only what is stored can be changed by this API.</summary>
    public ConnectionOrigin Origin { get; init; }

    /// <summary>Whether its tables are served as they are and not kept in sync.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Why it cannot be used; null when it can.</summary>
    public string? Problem { get; init; }
}
