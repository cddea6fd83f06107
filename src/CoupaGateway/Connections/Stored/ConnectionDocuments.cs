namespace CoupaGateway.Connections.Stored;

/// <summary>Kinds of the documents that concern connections; the id of each is the connection's name.</summary>
internal static class ConnectionDocuments
{
    /// <summary>Connections stored by REST.</summary>
    public const string Connections = "connections";

    /// <summary>One for each connection that is paused, wherever it is written down.</summary>
    public const string Pauses = "pauses";

    /// <summary>The result of each connection's last test.</summary>
    public const string Tests = "tests";
}
