using CoupaGateway.Snapshots.Documents;

namespace CoupaGateway.Connections.Stored;

/// <summary>Brings stored connections to the registry.</summary>
internal sealed class StoredConnectionSubscriber(ConnectionRegistry registry) : IDocumentSubscriber
{
    public string Kind => ConnectionDocuments.Connections;

    public void Take(IReadOnlyDictionary<string, string> documents) => registry.TakeStored(documents);
}
