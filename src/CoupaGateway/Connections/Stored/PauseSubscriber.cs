using CoupaGateway.Snapshots.Documents;

namespace CoupaGateway.Connections.Stored;

/// <summary>Tells the registry which connections are paused.</summary>
internal sealed class PauseSubscriber(ConnectionRegistry registry) : IDocumentSubscriber
{
    public string Kind => ConnectionDocuments.Pauses;

    public void Take(IReadOnlyDictionary<string, string> documents) => registry.TakePaused(documents.Keys);
}
